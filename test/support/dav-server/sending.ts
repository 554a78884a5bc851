import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { Effect } from './faults.ts';

/** How an answer reaches the client: as a whole, or as the faults want it. Returns the bytes of body that were given out. */
export async function send(response: ServerResponse, answer: Answer, effects: readonly Effect[]): Promise<number> {
  const whole = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : Buffer.from(answer.body);
  const body = effects.includes('truncate') ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  const hasBody = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(hasBody && answer.headers['Content-Length'] === undefined ? { 'Content-Length': body.length } : {}),
  });
  if (effects.includes('cut-in-answer')) return cut(response, body.subarray(0, Math.floor(body.length / 2)));
  for (const effect of effects) {
    if (typeof effect !== 'string' && effect.type === 'slow') return drip(response, body, effect.byteEveryMs);
  }
  response.end(body);
  return body.length;
}

async function cut(response: ServerResponse, part: Buffer): Promise<number> {
  const { socket } = response;
  if (part.length === 0) socket?.write('HTTP/1.1 2', () => socket.destroy());
  else response.write(part, () => socket?.destroy());
  return part.length;
}

async function drip(response: ServerResponse, body: Buffer, byteEveryMs: number): Promise<number> {
  response.flushHeaders();
  for (const byte of body) {
    await delay(byteEveryMs, undefined, { ref: false });
    if (response.destroyed) break;
    response.write(Buffer.of(byte));
  }
  response.end();
  return body.length;
}
