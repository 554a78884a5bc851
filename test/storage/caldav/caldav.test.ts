import { afterAll, beforeAll, describe } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import type { DavServerOptions } from '../../support/dav-server/dav-server.ts';
import { escapedByServer, ownServerSubject, realServerSubject } from '../../support/dav-subject.ts';
import { installed, type RealServer, startRealServer } from '../../support/real-servers.ts';
import { conformanceOf, type Lack } from '../conformance.ts';

const servers: readonly (readonly [string, DavServerOptions, readonly Lack[]])[] = [
  ['caldav', {}, []],
  ['caldav, one home for all', { layout: 'flat', credentials: { username: 'alice', password: 'gehéim' } }, []],
  ['caldav without sync-collection', { sync: 'none', errors: 'multistatus', missingInMultiget: 'fails' }, []],
  ['caldav without data in sync-collection', { sync: 'no-data', badToken: 500, putEtag: 'never' }, []],
  ['caldav that pages', { syncPageSize: 1, missingInMultiget: 'left-out', hrefs: 'absolute' }, []],
  ['caldav with weak etags', { etags: 'weak', closesConnections: true, hrefs: 'lower-case' }, []],
  ['caldav without ctag and tokens', { sync: 'none', ctag: false }, ['checkpoints']],
];
for (const [name, options, lacks] of servers) {
  conformanceOf(name, ownServerSubject('calendar', options), { lacks: ['watching', ...lacks] });
}

const REAL = [
  ['radicale', { home: '/alice/', stored: escapedByServer }, ['garbling']],
  ['xandikos', { home: '/alice/calendars/', stored: escapedByServer }, ['garbling', 'true-properties']],
] as const;
for (const [name, more, lacks] of REAL) {
  describe.runIf(installed(name))(`caldav on ${name}`, () => {
    let server: RealServer | undefined;
    beforeAll(async () => {
      server = await startRealServer(name);
    });
    afterAll(() => server?.stop());
    const running = () => must(server, 'it was started');
    conformanceOf(`caldav on ${name}`, realServerSubject('calendar', running, more), { lacks: ['watching', ...lacks] });
  });
}
