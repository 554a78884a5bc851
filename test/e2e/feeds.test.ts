import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { itemText } from '../support/item-text.ts';
import { Machine } from './program.ts';

const FEED = itemText('calendar', 'one', 'One').replace(
  'END:VCALENDAR',
  'BEGIN:VEVENT\r\nUID:two\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260602T100000Z\r\nSUMMARY:Two\r\nEND:VEVENT\r\nEND:VCALENDAR',
);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const GOOD: Answer = { status: 200, type: 'text/calendar', text: FEED };

let machine: Machine;
let web: Server;
let answer: Answer;

beforeEach(async () => {
  machine = await Machine.make();
  answer = GOOD;
  web = createServer((_, response) => {
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(answer.text);
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const address = web.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  await machine.configure(`
storage feed { type webcal; url "http://127.0.0.1:${address.port}/holidays.ics"; collection_id holidays; }
storage local { type "vdir/icalendar"; path ${JSON.stringify(machine.path('calendars'))}; }
pair work { storage_a feed; storage_b local; collections from a; }
`);
});
afterEach(async () => {
  web.closeAllConnections();
  web.close();
  await machine.remove();
});

describe('a feed', () => {
  test('is copied, and followed', async () => {
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    expect((await machine.items('calendars/holidays')).size).toBe(2);
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
    answer = { ...GOOD, text: itemText('calendar', 'one', 'One moved') };
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect([...(await machine.items('calendars/holidays')).values()].join()).toMatch(/One moved/);
    expect((await machine.items('calendars/holidays')).size).toBe(1);
  });

  test.each([
    ['a page', { status: 200, type: 'text/html', text: '<!DOCTYPE html><html><body>Log in</body></html>' }],
    ['cut', { ...GOOD, text: FEED.slice(0, FEED.length - 40) }],
    ['no text', { ...GOOD, text: '' }],
    ['gone', { ...GOOD, status: 404, text: 'no' }],
    ['an error', { ...GOOD, status: 500, text: 'no' }],
  ])('that is %s is told, and nothing is lost', async (_, broken) => {
    await machine.run('sync');
    answer = broken;
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^work(\/holidays)?: could not read the feed of storage "feed": /);
    expect((await machine.items('calendars/holidays')).size).toBe(2);
    answer = GOOD;
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
  });
});
