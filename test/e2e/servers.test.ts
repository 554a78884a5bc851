import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;
let calendar: string;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  calendar = server.content.addCalendar('home');
  await mkdir(machine.path('calendars'));
  server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url));
  expect((await machine.run('sync')).status).toBe(0);
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

const useUrl = (url: string, remote = 'timeout "1s"'): Promise<void> =>
  machine.configure(vdirAndCalDav(machine.path('calendars'), url, { remote }).replace('  timeout "5s"\n', ''));

/** The run fails with this, and the item is still where it was. */
async function expectFailure(message: RegExp): Promise<void> {
  const { status, stderr } = await machine.run('sync');
  expect(stderr).toMatch(message);
  // What failed, and where, is said once.
  expect(stderr).not.toMatch(/could not.*could not|remote.*remote/);
  expect(status).toBe(1);
  expect([...(await machine.items('calendars/home')).keys()]).toEqual(['one.ics']);
  expect(server.content.items(calendar).size).toBe(1);
}

const listening = async (tcp: Server): Promise<number> => {
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const address = tcp.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
};

describe('a server', () => {
  test('that refuses the password is told', async () => {
    server.behave({ credentials: { username: 'alice', password: 'right' } });
    await useUrl(server.url, 'username alice\npassword wrong');
    await expectFailure(
      /^work: could not list the collections of \S+ on storage "remote": .*password \(401\)\n {2}check /,
    );
    expect(server.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(4);
  });

  test('whose name does not resolve is told', async () => {
    await useUrl('https://no-such-host.invalid/');
    await expectFailure(/no-such-host\.invalid (does not resolve|cannot be looked up)/);
  });

  test('that nobody runs is told', async () => {
    const tcp = createTcpServer();
    const port = await listening(tcp);
    tcp.close();
    await useUrl(`http://127.0.0.1:${port}/`);
    await expectFailure(new RegExp(`127\\.0\\.0\\.1:${port} refused the connection`));
  });

  test('that hangs is told, after the time that it has', async () => {
    const tcp = createTcpServer(() => undefined);
    await useUrl(`http://127.0.0.1:${await listening(tcp)}/`);
    await expectFailure(/sent nothing for 1 second/);
    tcp.close();
  });

  test('that serves pages for people is told', async () => {
    server.fault({ effect: 'html' });
    await useUrl(server.url);
    await expectFailure(
      /^work: could not .* on storage "remote": the server answered with a web page\n {2}check "url"/,
    );
  });

  test('SL1: that is broken loses nothing', async () => {
    for (const effect of ['empty-multistatus', 'truncate', 'cut-in-answer', 'hide-members', 'empty'] as const) {
      const end = server.fault({ effect });
      const { status } = await machine.run('sync', '--full');
      expect(status, effect).not.toBe(0);
      expect([...(await machine.items('calendars/home')).keys()], effect).toEqual(['one.ics']);
      end();
    }
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
  });

  test('SL6: that knows a token no more, and lists everything without what is gone, hides no deletion', async () => {
    for (const uid of ['two', 'three', 'four'])
      server.content.put(`${calendar}${uid}.ics`, itemText('calendar', uid, uid));
    expect((await machine.run('sync')).status).toBe(0);
    server.behave({ badToken: 'full-list' });
    server.content.removeCollection(calendar);
    server.content.addCalendar('home');
    for (const uid of ['two', 'three']) server.content.put(`${calendar}${uid}.ics`, itemText('calendar', uid, uid));
    expect((await machine.run('sync')).status).toBe(0);
    expect([...(await machine.items('calendars/home')).keys()]).toEqual(['three.ics', 'two.ics']);
  });

  test('SL6: that knows a token no more, and says that nothing changed, loses nothing, and is found out by --full', async () => {
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two'));
    expect((await machine.run('sync')).status).toBe(0);
    server.behave({ badToken: 'no-changes' });
    server.content.removeCollection(calendar);
    server.content.addCalendar('home');
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two'));
    expect((await machine.run('sync')).status).toBe(0);
    expect([...(await machine.items('calendars/home')).keys()]).toEqual(['one.ics', 'two.ics']);
    expect(server.content.items(calendar).size).toBe(1);
    expect((await machine.run('sync', '--full')).status).toBe(0);
    expect([...(await machine.items('calendars/home')).keys()]).toEqual(['two.ics']);
  });

  const hasOpenssl = (): boolean => {
    try {
      execFileSync('openssl', ['version'], { stdio: 'ignore' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  };

  test.runIf(hasOpenssl())('S12: whose certificate is not to be trusted gets no request', async () => {
    const [key, certificate] = [machine.path('key.pem'), machine.path('cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
    execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    let requests = 0;
    const https = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (_, response) => {
      requests += 1;
      response.end();
    });
    const url = `https://127.0.0.1:${await listening(https)}/`;
    await useUrl(url);
    await expectFailure(/the certificate of 127\.0\.0\.1:\d+ is self-signed/);
    expect(requests).toBe(0);
    machine.env = { NODE_EXTRA_CA_CERTS: certificate };
    await machine.run('check');
    expect(requests).toBeGreaterThan(0);
    https.close();
  });
});

describe('an item', () => {
  test('SI16: that the server refuses fails alone, and is told with the reason', async () => {
    server.behave({ maxItemBytes: 1000 });
    await writeFile(machine.path('calendars/home/big.ics'), itemText('calendar', 'big', 'x'.repeat(2000)));
    await writeFile(machine.path('calendars/home/small.ics'), itemText('calendar', 'small', 'Small'));
    const { status, stdout, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stdout).toContain('created "Small" (small) on remote');
    expect(stderr).toMatch(
      /^work\/home: could not create "x+…" \(big\) on remote: the server answered 403 \(the item is too big\)$/m,
    );
    expect(stderr).not.toMatch(/could not.*could not/);
    expect(await machine.run('sync')).toMatchObject({ status: 1 });
    server.behave({ maxItemBytes: undefined });
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
  });
});
