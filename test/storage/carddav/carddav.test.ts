import { afterAll, beforeAll, describe } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import type { DavServerOptions } from '../../support/dav-server/dav-server.ts';
import { escapedByServer, ownServerSubject, realServerSubject } from '../../support/dav-subject.ts';
import { installed, type RealServer, startRealServer } from '../../support/real-servers.ts';
import { conformanceOf } from '../conformance.ts';

const servers: readonly (readonly [string, DavServerOptions])[] = [
  ['carddav', {}],
  ['carddav, one home for all', { layout: 'flat' }],
  ['carddav without sync-collection', { sync: 'none', hrefs: 'bare' }],
];
for (const [name, options] of servers) {
  conformanceOf(name, ownServerSubject('address-book', options), { lacks: ['watching'] });
}

const REAL = [
  ['radicale', { home: '/alice/', stored: escapedByServer }, ['garbling']],
  ['xandikos', { home: '/alice/contacts/' }, ['garbling', 'true-properties']],
] as const;
for (const [name, more, lacks] of REAL) {
  describe.runIf(installed(name))(`carddav on ${name}`, () => {
    let server: RealServer | undefined;
    beforeAll(async () => {
      server = await startRealServer(name);
    });
    afterAll(() => server?.stop());
    const running = () => must(server, 'it was started');
    conformanceOf(`carddav on ${name}`, realServerSubject('address-book', running, more), {
      lacks: ['watching', ...lacks],
    });
  });
}
