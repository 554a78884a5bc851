import { describe, expect, test } from 'vitest';
import { installed, type RealServer, type RealServerName, startRealServer } from './real-servers.ts';

const NAMES: readonly RealServerName[] = ['radicale', 'xandikos'];

describe.each(NAMES)('%s', (name) => {
  test.skipIf(!installed(name))('answers a listing while it runs, and nothing after its end', async () => {
    const server = await startRealServer(name);
    try {
      expect(await statusOfListing(server)).toBe(207);
    } finally {
      await server.stop();
    }
    await expect(statusOfListing(server)).rejects.toThrow('fetch failed');
  });
});

test.skipIf(!installed('radicale'))(
  'one that was killed and started again answers under its URL, and holds what it held',
  async () => {
    const server = await startRealServer('radicale');
    try {
      const headers = { Authorization: `Basic ${Buffer.from('alice:alice-secret').toString('base64')}` };
      await fetch(`${server.url}alice/home/`, { method: 'MKCALENDAR', headers });
      await server.kill();
      await expect(statusOfListing(server)).rejects.toThrow('fetch failed');
      await server.startAgain();
      expect((await fetch(`${server.url}alice/home/`, { headers })).status).toBe(200);
    } finally {
      await server.stop();
    }
  },
);

test.skipIf(!installed('radicale'))('one user cannot look into the home of the other', async () => {
  const server = await startRealServer('radicale');
  try {
    expect(await statusOfListing({ ...server, password: 'wrong' })).toBe(401);
    expect(await statusOfListing({ ...server, ...server.other })).toBe(403);
  } finally {
    await server.stop();
  }
});

test('a server that no folder of the path holds is not installed', () => {
  expect(installed('radicale', '/nowhere:/proc')).toBe(false);
});

async function statusOfListing({ url, username, password }: RealServer): Promise<number> {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = { Depth: '0', ...(username === undefined ? {} : { Authorization: `Basic ${credentials}` }) };
  const response = await fetch(`${url}alice/`, { method: 'PROPFIND', headers });
  await response.arrayBuffer();
  return response.status;
}
