import { must } from '../../src/model/errors.ts';
import type { Kind } from '../../src/model/item.ts';
import { href } from '../../src/model/names.ts';
import { caldavType } from '../../src/storage/caldav/caldav.ts';
import { carddavType } from '../../src/storage/carddav/carddav.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { SettingValue } from '../../src/storage/storage-type.ts';
import { Redacted } from '../../src/system/redacted.ts';
import type { Subject } from '../storage/conformance.ts';
import { type DavServer, type DavServerOptions, startDavServer } from './dav-server/dav-server.ts';
import type { RealServer } from './real-servers.ts';

export interface DavAccess {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface Remembering {
  text: string | undefined;
}

/** A storage as the configuration would open it. `memory` outlives it, as the status does. */
export function openDav(
  kind: Kind,
  { url, username, password }: DavAccess,
  { memory = { text: undefined }, more = [] }: { memory?: Remembering; more?: readonly [string, SettingValue][] } = {},
): Storage {
  const settings = new Map<string, SettingValue>([['url', url], ...more]);
  if (username !== undefined) settings.set('username', username);
  if (password !== undefined) settings.set('password', new Redacted(password));
  return (kind === 'calendar' ? caldavType : carddavType).open(settings, {
    storageName: 'remote',
    programVersion: 'test',
    memory: {
      recall: () => memory.text,
      remember: (text) => {
        memory.text = text;
      },
    },
    log: () => undefined,
  });
}

/** A subject of the storage contract on our own server. `served` is told of each server that is started. */
export function ownServerSubject(kind: Kind, options: DavServerOptions, served?: (server: DavServer) => void) {
  return async (): Promise<Subject> => {
    const server = await startDavServer(options);
    served?.(server);
    const { content } = server;
    const storage = openDav(kind, server.url === '' ? server : { url: server.url, ...options.credentials });
    const home = must(
      (kind === 'calendar' ? server.layout.calendarHomes : server.layout.addressBookHomes)[0],
      'a home',
    );
    const extension = kind === 'calendar' ? 'ics' : 'vcf';
    let made = 0;
    return {
      storage,
      async freshCollection() {
        made += 1;
        const id = `fresh-${made}`;
        return href(kind === 'calendar' ? content.addCalendar(id) : content.addAddressBook(id));
      },
      missingCollection: href(`${home}missing/`),
      outside: {
        async put(collection, at, text) {
          made += 1;
          const path = at ?? href(`${collection}outside-${made}.${extension}`);
          content.put(path, text);
          return path;
        },
        remove: async (_, at) => content.remove(at),
        async read(_, at) {
          // The server is in this process: whoever asks in a loop has to let it run.
          await new Promise((resolve) => setImmediate(resolve));
          return content.text(at);
        },
      },
      async close() {
        await storage.close();
        await server.close();
      },
    };
  };
}

export interface RealHome {
  readonly home: string;
  /** Ids of collections that the server has of its own, and lets nobody delete. */
  readonly keeps?: readonly string[];
  /** What it keeps of a text. */
  readonly stored?: (text: string) => string;
}

/** A subject on a server that people use; its collections are made below a folder of the user, new for each test. */
export function realServerSubject(
  kind: Kind,
  server: () => RealServer,
  { home, keeps = [], stored = (text) => text }: RealHome,
) {
  let made = 0;
  return async (): Promise<Subject> => {
    const { url, username, password, makeAddressBook } = server();
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const ask = async (method: string, path: string, body?: string): Promise<Response> => {
      const type =
        body?.startsWith('<') === true ? 'application/xml' : kind === 'calendar' ? 'text/calendar' : 'text/vcard';
      const answer = await fetch(new URL(path, url), {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(username === undefined ? {} : { authorization }),
        },
        body: body ?? null,
      });
      const isFine = answer.ok && answer.status !== 207;
      if (!isFine && answer.status !== 404) {
        throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      }
      return answer;
    };
    const storage = openDav(kind, { url, username, password });
    const extension = kind === 'calendar' ? 'ics' : 'vcf';
    made += 1;
    return {
      storage,
      async freshCollection() {
        made += 1;
        const id = `fresh-${made}`;
        const path = href(`${home}${id}/`);
        if (kind === 'calendar') await ask('MKCALENDAR', path);
        else if (makeAddressBook === undefined) await ask('MKCOL', path, MAKE_ADDRESS_BOOK);
        else makeAddressBook(id);
        return path;
      },
      missingCollection: href(`${home}missing-${made}/`),
      outside: {
        async put(collection, at, text) {
          made += 1;
          const path = at ?? href(`${collection}outside-${made}.${extension}`);
          await ask('PUT', path, text);
          return path;
        },
        remove: async (_, at) => void (await ask('DELETE', at)),
        async read(_, at) {
          const answer = await ask('GET', at);
          return answer.status === 404 ? undefined : answer.text();
        },
      },
      stored,
      async close() {
        const found = (await storage.discover()).filter(({ id }) => !keeps.includes(id));
        for (const { href: path } of found) await ask('DELETE', path);
        await storage.close();
      },
    };
  };
}

/** Servers that read and write items anew escape what should have been escaped. */
export const escapedByServer = (text: string): string =>
  text.replaceAll('\r\n ', '').replace(/^UID:.*$/gm, (line) => line.replace(/(?<!\\)[,;]/g, '\\$&'));

const MAKE_ADDRESS_BOOK = `<?xml version="1.0" encoding="utf-8"?>
<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop>
<resourcetype><collection/><C:addressbook/></resourcetype></prop></set></mkcol>`;
