import type { HttpResponse } from '../../system/http.ts';
import type { Dav } from './dav.ts';
import { type Refusal, refusalIn, refusalOf } from './dav-error.ts';
import { isSuccess, responsesIn } from './multistatus.ts';

/**
 * What a server says against a write; undefined: it was done. A 207 holds what it really says, whatever address it says
 * it of (Xandikos).
 */
export async function refusalInWrite(dav: Dav, response: HttpResponse, doing: string): Promise<Refusal | undefined> {
  if (response.status !== 207) {
    if (!isSuccess(response.status)) return refusalOf(response);
    await response.discard();
    return undefined;
  }
  let refusal: Refusal | undefined;
  for (const one of await responsesIn(dav.client.readMultistatus(response, doing))) {
    const statuses = [one.status, ...[...one.properties.values()].map((property) => property.status)];
    const failed = statuses.find((status) => status !== undefined && !isSuccess(status));
    if (failed !== undefined) refusal ??= refusalIn(one, failed);
  }
  return refusal;
}
