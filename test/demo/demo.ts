import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { Machine } from '../e2e/program.ts';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { BAKING, CHOIR, DENTIST, type DemoEvent, textOf } from './events.ts';

/** Shows what pimsync does, between a directory and a small server on this machine. Leaves nothing behind. */
async function demo(): Promise<void> {
  const server = await startDavServer({ credentials: { username: 'alice', password: 'demo' } });
  const machine = await Machine.make();
  try {
    await play(machine, server);
  } finally {
    await server.close();
    await machine.remove();
  }
}

async function play(machine: Machine, server: DavServer): Promise<void> {
  const calendar = server.content.addCalendar('home', { displayname: 'Home', color: '#2e8b57' });
  const file = ({ uid }: DemoEvent): string => machine.path('calendars/home', `${uid}.ics`);
  const here = (event: DemoEvent): Promise<void> => writeFile(file(event), textOf(event));
  const there = (event: DemoEvent): void => server.content.put(`${calendar}${event.uid}.ics`, textOf(event));
  const pimsync = async (...args: readonly string[]): Promise<string> => {
    say(`\n$ pimsync ${args.join(' ')}`, 'command');
    const { status, stdout, stderr } = await machine.run(...args);
    say((stdout + stderr).trimEnd());
    say(`(exit status ${status})`, 'faint');
    return stdout;
  };

  title('A directory on a laptop, and a calendar on a CalDAV server');
  const configuration = configurationFor(server.url, machine.path('calendars'));
  await machine.configure(configuration);
  say(configuration.trim(), 'faint');
  await mkdir(machine.path('calendars/home'), { recursive: true });
  await here(BAKING);
  there(DENTIST);
  there(CHOIR);
  await pimsync('check');

  title('The first run: what would be done, and then it is done');
  await pimsync('discover');
  await pimsync('sync', '-n');
  await pimsync('sync');
  say(`\non the laptop: ${(await readdir(machine.path('calendars/home'))).sort().join(', ')}`);
  await pimsync('sync');

  title('An edit on each side, and a deletion');
  await here({ ...BAKING, summary: 'Bread baking, with rye' });
  there({ ...DENTIST, start: '20260316T080000Z', end: '20260316T083000Z' });
  await rm(file(CHOIR));
  await pimsync('sync');

  title('One event, changed differently on both sides: nobody loses anything');
  await here({ ...DENTIST, summary: 'Dentist (call first)' });
  there({ ...DENTIST, summary: 'Dentist: moved to Friday' });
  await pimsync('sync');

  await pimsync('status');

  title('Somebody settles it; the other version goes to the history');
  await pimsync('resolve-conflicts', '--keep', 'b');

  title('Changes that do not overlap can be merged');
  await machine.configure(configuration.replace('collections all', 'collections all\n  conflict_resolution merge'));
  say('conflict_resolution merge', 'faint');
  await here({ ...DENTIST, summary: 'Dentist: moved to Friday, upper floor' });
  there({ ...DENTIST, summary: 'Dentist: moved to Friday', start: '20260320T080000Z', end: '20260320T083000Z' });
  await pimsync('sync');

  title('Nothing is lost: what was deleted comes back');
  const history = await pimsync('history', 'calendars', CHOIR.uid);
  await pimsync('restore', 'calendars', history.split(' ', 1)[0] ?? '');
  await pimsync('status');
}

const configurationFor = (url: string, path: string): string => `
storage laptop {
  type "vdir/icalendar"
  path ${JSON.stringify(path)}
}
storage server {
  type caldav
  url ${JSON.stringify(url)}
  username alice
  password {
    cmd echo demo
  }
}
pair calendars {
  storage_a laptop
  storage_b server
  collections all
}
`;

const title = (text: string): void => say(`\n${text}\n${'='.repeat(text.length)}`, 'command');

function say(text: string, style: 'plain' | 'command' | 'faint' = 'plain'): void {
  const sgr = { plain: 0, command: 1, faint: 2 }[style];
  console.log(process.stdout.isTTY === true && style !== 'plain' ? `\x1b[${sgr}m${text}\x1b[0m` : text);
}

await demo();
