import { type Answer, bare, html, multistatus, statusRow } from './answer.ts';
import { type Exchange, writtenHref } from './exchange.ts';
import type { Effect } from './faults.ts';
import { get, put, remove } from './items.ts';
import { makeCollection } from './make-collection.ts';
import { propfind } from './propfind.ts';
import { proppatch } from './proppatch.ts';
import { report } from './reports.ts';
import { MalformedXml } from './xml-reader.ts';

const METHODS = 'OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, MKCOL, MKCALENDAR, REPORT';
const WELL_KNOWN = /^\/\.well-known\/(?:caldav|carddav)\/?$/;

/** The answer to a request, with the effects of faults on it. Does what the request asks, in one synchronous step. */
export function answerTo(exchange: Exchange): Answer {
  for (const effect of exchange.effects) {
    if (typeof effect !== 'string' && effect.type === 'before') effect.run();
  }
  const instead = exchange.effects.map(answerInstead).find((answer) => answer !== undefined);
  let answer = instead ?? wrapped(exchange, guarded(exchange));
  for (const effect of exchange.effects) {
    if (typeof effect === 'string') continue;
    if (effect.type === 'after') effect.run();
    if (effect.type === 'status' && effect.apply) answer = statusAnswer(effect);
    if (effect.type === 'alter') answer = effect.alter(answer);
  }
  return answer;
}

function answerInstead(effect: Effect): Answer | undefined {
  if (effect === 'html') return html(200, 'Welcome to the hotel network');
  if (effect === 'empty') return bare(200);
  if (effect === 'empty-multistatus') return multistatus([]);
  if (typeof effect === 'string') return undefined;
  if (effect.type === 'status' && !effect.apply) return statusAnswer(effect);
  if (effect.type === 'redirect') return bare(effect.status, { Location: effect.location });
  return undefined;
}

const statusAnswer = ({ status, headers, body }: Extract<Effect, { type: 'status' }>): Answer => ({
  status,
  headers: headers ?? {},
  body: body ?? '',
});

function guarded(exchange: Exchange): Answer {
  const { behaviour, headers, method, path } = exchange;
  if (WELL_KNOWN.test(path)) {
    if (behaviour.wellKnown === 'html') return html(200, 'Log in');
    return behaviour.wellKnown === 'redirect' ? bare(301, { Location: '/' }) : bare(404);
  }
  if (method === 'OPTIONS') {
    return bare(200, { DAV: '1, 3, access-control, extended-mkcol, calendar-access, addressbook', Allow: METHODS });
  }
  if (behaviour.credentials !== undefined) {
    const { username, password } = behaviour.credentials;
    const expected = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
    if (headers.authorization !== `Basic ${expected}`) {
      return bare(401, { 'WWW-Authenticate': 'Basic realm="calendars and contacts", charset="UTF-8"' });
    }
  }
  try {
    return dispatched(exchange);
  } catch (error) {
    if (error instanceof MalformedXml) return { ...bare(400), body: error.message };
    throw error;
  }
}

function dispatched(exchange: Exchange): Answer {
  switch (exchange.method) {
    case 'GET':
    case 'HEAD':
      return get(exchange);
    case 'PUT':
      return put(exchange);
    case 'DELETE':
      return remove(exchange);
    case 'PROPFIND':
      return propfind(exchange);
    case 'PROPPATCH':
      return proppatch(exchange);
    case 'MKCOL':
    case 'MKCALENDAR':
      return makeCollection(exchange);
    case 'REPORT':
      return report(exchange);
    default:
      return bare(405, { Allow: METHODS });
  }
}

/** Xandikos answers failed writes with 207 and an href that names nothing. */
function wrapped(exchange: Exchange, answer: Answer): Answer {
  const writes = ['PUT', 'MKCALENDAR', 'MKCOL'].includes(exchange.method);
  if (exchange.behaviour.errors === 'status' || !writes || answer.status < 400 || answer.status === 401) return answer;
  const condition = /<D:error[^>]*>.*<\/D:error>/s
    .exec(String(answer.body))?.[0]
    .replace(/^<D:error[^>]*>/, '<D:error>');
  const href = `http%3A//${writtenHref(exchange, exchange.path)}`;
  return multistatus([statusRow(href, answer.status, condition ?? '')]);
}
