import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import type { main } from '../main.ts';
import { startSmallServer } from './small-server.ts';

/**
 * Runs the program whose file is named, in this process and in the directory that it is called in, as a user would on
 * most days, and writes beside it what V8 compiled for that: no more, since whatever the cache holds is read at each start.
 */
const [file = ''] = process.argv.slice(2);

// What a while has not run is not thrown away.
setFlagsFromString('--no-flush-bytecode');
// Stack traces have the name that is given here, also where the cache is used.
const script = new Script(readFileSync(file, 'latin1'), { filename: basename(file) });
const module: { exports: { readonly main?: typeof main } } = { exports: {} };
script.runInThisContext()(createRequire(file), module);

const server = await startSmallServer();
const local = join('local', 'calendar');
mkdirSync(local, { recursive: true });
const configuration = `
status_path ${JSON.stringify(join(process.cwd(), 'status'))}
storage local { type "vdir/icalendar"; path ${JSON.stringify(join(process.cwd(), 'local'))}; }
storage remote { type caldav; url "${server.url}"; username user; password word; }
pair pair { storage_a local; storage_b remote; collections all; }
`;
writeFileSync('pimsync.conf', configuration, { mode: 0o600 });

for (let number = 0; number < 20; number++) server.put(`remote-${number}.ics`, event(`remote-${number}`, 'first'));
await call('sync');
await call('sync');
const [edited = '', deleted = ''] = readdirSync(local);
writeFileSync(join(local, edited), readFileSync(join(local, edited), 'utf8').replace('first', 'second'));
rmSync(join(local, deleted));
writeFileSync(join(local, 'local.ics'), event('local', 'first'));
server.put('remote-19.ics', event('remote-19', 'second'));
await call('sync');
await call('sync');
await call('status');
await call('list', 'pairs');
server.close();

setFlagsFromString('--flush-bytecode');
writeFileSync(`${file}.cache`, script.createCachedData());

async function call(...args: readonly string[]): Promise<void> {
  await module.exports.main?.(['-c', 'pimsync.conf', ...args]);
  if (process.exitCode !== 0) throw new Error(`pimsync ${args.join(' ')} ended with ${process.exitCode}`);
}

function event(uid: string, summary: string): string {
  return `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//pimsync//warm-up//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:${uid}
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260601T100000
RRULE:FREQ=WEEKLY;COUNT=10
SUMMARY:${summary}
DESCRIPTION:A text that is long enough to be folded where a line may not have more\\n
  octets than seventy-five\\, and that has something escaped.
ATTENDEE;CN="A, B";PARTSTAT=ACCEPTED:mailto:a@example.com
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:Soon
END:VALARM
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n');
}
