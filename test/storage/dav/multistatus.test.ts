import { describe, expect, test } from 'vitest';
import { type DavResponse, found, foundText, readMultistatus } from '../../../src/storage/dav/multistatus.ts';
import { GETETAG, SYNC_TOKEN, xmlName } from '../../../src/storage/dav/xml-name.ts';
import { XmlError } from '../../../src/storage/dav/xml-text.ts';
import { chunksOf } from '../../support/chunks.ts';

async function read(text: string): Promise<{ responses: readonly DavResponse[]; syncToken: string | undefined }> {
  const responses: DavResponse[] = [];
  let syncToken: string | undefined;
  for await (const part of readMultistatus(chunksOf(text, 64), 'text/plain')) {
    responses.push(...part.responses);
    syncToken = part.syncToken;
  }
  return { responses, syncToken };
}

const multistatus = (inner: string): string => `<multistatus xmlns="DAV:" xmlns:o="urn:other">${inner}</multistatus>`;

describe('a multistatus', () => {
  test('has hrefs, statuses and properties of each response, as written', async () => {
    const { responses, syncToken } = await read(
      multistatus(`
        <response><href> /a/1.ics </href>
          <propstat><prop><getetag>"1e3"</getetag><displayname>2024</displayname></prop><status>HTTP/1.1 200 OK</status></propstat>
          <propstat><prop><sync-token/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>
        <response><href>/a/2.ics</href><href>/a/3.ics</href><status>HTTP/1.1 404</status></response>
        <sync-token> http://example.com/1.10 </sync-token>`),
    );
    expect(syncToken).toBe('http://example.com/1.10');
    const [one, two] = responses;
    expect(one?.hrefs).toEqual(['/a/1.ics']);
    expect(one?.status).toBeUndefined();
    expect(one && foundText(one, GETETAG)).toBe('"1e3"');
    expect(one && foundText(one, xmlName('d', 'displayname'))).toBe('2024');
    expect(one && found(one, SYNC_TOKEN)).toBeUndefined();
    expect(one?.properties.get(SYNC_TOKEN.full)?.status).toBe(404);
    expect(two?.hrefs).toEqual(['/a/2.ics', '/a/3.ics']);
    expect(two?.status).toBe(404);
  });

  test('a property that was read stands before one that was not, and before one of another namespace', async () => {
    const { responses } = await read(
      multistatus(`<response><href>/a</href>
        <propstat><prop><displayname>yes</displayname></prop><status>HTTP/1.1 200 OK</status></propstat>
        <propstat><prop><o:displayname>no</o:displayname></prop><status>HTTP/1.1 200 OK</status></propstat>
        <propstat><prop><displayname/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>`),
    );
    expect(responses[0] && foundText(responses[0], xmlName('d', 'displayname'))).toBe('yes');
  });

  test('a status that cannot be read is not a good one', async () => {
    const { responses } = await read(
      multistatus(`<response><href>/a</href><propstat><prop><getetag>"1"</getetag></prop></propstat>
        <propstat><prop><o:x>1</o:x></prop><status>200 OK</status></propstat></response>`),
    );
    expect(responses[0] && found(responses[0], GETETAG)).toBeUndefined();
    expect(responses[0]?.properties.get('{urn:other}x')?.status).toBe(0);
  });

  test('conditions are all that stand in DAV:error, but for what is of one server only', async () => {
    const { responses } = await read(
      multistatus(`<response><href>/a</href><status>HTTP/1.1 412 No</status>
        <error><o:exception>X</o:exception><c:no-uid-conflict xmlns:c="urn:ietf:params:xml:ns:caldav"/></error>
        <responsedescription>It is so</responsedescription></response>`),
    );
    expect(responses[0]?.conditions).toEqual(['no-uid-conflict']);
    expect(responses[0]?.description).toBe('It is so');
  });

  test.each([
    ['another root', '<html xmlns="DAV:"><response/></html>'],
    ['another namespace', '<multistatus><response/></multistatus>'],
    ['a cut', '<multistatus xmlns="DAV:"><response><href>/a</href></response>'],
  ])('SL1 %s is an error', async (_, text) => {
    await expect(read(text)).rejects.toThrow(XmlError);
  });
});
