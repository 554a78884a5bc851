import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { itemText } from '../support/item-text.ts';
import { ALICE } from '../support/real-servers.ts';

/** A side as its own user sees it: not through the program, and not through the network that breaks. */
export interface Place {
  /** Undefined: there is no such item. */
  titleOf(uid: string): Promise<string | undefined>;
  write(uid: string, title: string): Promise<void>;
  remove(uid: string): Promise<void>;
}

export function directoryPlace(directory: string): Place {
  const file = (uid: string): string => join(directory, `${uid}.ics`);
  return {
    titleOf: async (uid) => (existsSync(file(uid)) ? titleIn(await readFile(file(uid), 'utf8')) : undefined),
    async write(uid, title) {
      const text = itemText('calendar', uid, title);
      // Programs write a file in its place, or beside it and then exchange them.
      const beside = join(directory, `.${uid}.tmp`);
      const isBeside = Math.random() < 0.5;
      await writeFile(isBeside ? beside : file(uid), text);
      if (isBeside) await rename(beside, file(uid));
    },
    remove: (uid) => rm(file(uid)),
  };
}

/** A calendar of Alice's. */
export function serverPlace(calendar: string): Place {
  const item = (uid: string): string => `${calendar}${uid}.ics`;
  const type = { 'content-type': 'text/calendar; charset=utf-8' };
  return {
    async titleOf(uid) {
      const { status, text } = await ask('GET', item(uid));
      if (status === 404) return undefined;
      return titleIn(done({ status, text }).text);
    },
    write: async (uid, title) => void done(await ask('PUT', item(uid), type, itemText('calendar', uid, title))),
    remove: async (uid) => void done(await ask('DELETE', item(uid))),
  };
}

export async function makeCalendar(calendar: string): Promise<void> {
  done(await ask('MKCALENDAR', calendar));
}

/** The UIDs of all items there, each as often as it is there. */
export async function uidsOnServer(calendar: string): Promise<readonly string[]> {
  const { text } = done(await ask('GET', calendar));
  return [...text.matchAll(/^UID:(.*)$/gm)].map(([, uid = '']) => uid.trim());
}

const titleIn = (text: string): string => /^SUMMARY:(.*)$/m.exec(text)?.[1]?.trim() ?? '';

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly text: string;
}

function done(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`the server answered ${answer.status}: ${answer.text}`);
}

/** Each time over a connection of its own: the server may have been killed since the last. */
function ask(method: string, url: string, headers: Headers = {}, body?: string): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${ALICE.username}:${ALICE.password}`).toString('base64')}`;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...headers, authorization }, agent: false }, (answer) => {
      textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
