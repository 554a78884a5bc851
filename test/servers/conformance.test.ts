import { afterAll, beforeAll, describe, test } from 'vitest';
import { must } from '../../src/model/errors.ts';
import type { Kind } from '../../src/model/item.ts';
import { conformanceOf, type Lack } from '../storage/conformance.ts';
import { lackOfCyrus, startCyrus } from '../support/cyrus-server.ts';
import { type RealHome, realServerSubject } from '../support/dav-subject.ts';
import type { RealServer } from '../support/real-servers.ts';
import { lackOfSabreDav, startSabreDav } from '../support/sabredav-server.ts';

interface Tried {
  readonly name: string;
  /** Why it cannot be started here. */
  readonly lack: string | undefined;
  readonly start: () => Promise<RealServer>;
  readonly kinds: readonly { readonly kind: Kind; readonly home: RealHome; readonly lacks: readonly Lack[] }[];
}

/** Servers that take long to start, or that only root can start: `npm run test:servers` asks for them. */
const TRIED: readonly Tried[] = [
  {
    name: 'Cyrus',
    lack: lackOfCyrus(),
    start: startCyrus,
    kinds: [
      { kind: 'calendar', home: { home: '/dav/calendars/user/alice/' }, lacks: ['garbling'] },
      {
        kind: 'address-book',
        home: { home: '/dav/addressbooks/user/alice/', keeps: ['Default'] },
        lacks: ['garbling'],
      },
    ],
  },
  {
    name: 'SabreDAV',
    lack: lackOfSabreDav(),
    start: startSabreDav,
    kinds: [
      { kind: 'calendar', home: { home: '/calendars/alice/' }, lacks: ['garbling'] },
      { kind: 'address-book', home: { home: '/addressbooks/alice/' }, lacks: ['garbling', 'making-collections'] },
    ],
  },
];

const isAskedFor = process.env['PIMSYNC_SERVERS'] !== undefined;

for (const { name, lack, start, kinds } of TRIED) {
  if (!isAskedFor || lack !== undefined) {
    test.skip(`${name}: ${isAskedFor ? lack : 'npm run test:servers asks for it'}`, () => undefined);
    continue;
  }
  describe(name, () => {
    let server: RealServer | undefined;
    beforeAll(async () => {
      server = await start();
    }, 60_000);
    afterAll(() => server?.stop());
    for (const { kind, home, lacks } of kinds) {
      const subject = realServerSubject(kind, () => must(server, 'it was started'), home);
      conformanceOf(`${kind} on ${name}`, subject, { lacks: ['watching', ...lacks] });
    }
  });
}
