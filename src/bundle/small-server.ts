import { createServer, type IncomingMessage } from 'node:http';

/** A CalDAV server with one calendar, as far as the warm-up asks it. Everything is held, nothing is checked. */
export interface SmallServer {
  readonly url: string;
  put(name: string, text: string): void;
  close(): void;
}

export async function startSmallServer(): Promise<SmallServer> {
  const items = new Map<string, { readonly text: string | undefined; readonly version: number }>();
  let version = 0;
  const put = (name: string, text: string | undefined): void => {
    version += 1;
    items.set(HOME + name, { text, version });
  };

  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const body = await bodyOf(request);
    if (method === 'PUT' || method === 'DELETE') {
      put(url.slice(HOME.length), method === 'PUT' ? body : undefined);
      response.writeHead(204, method === 'PUT' ? { etag: etag(version) } : {}).end();
      return;
    }
    const since = Number(/<d:sync-token>.*\/(\d+)</.exec(body)?.[1] ?? 0);
    const wanted = [...items].filter(([href, item]) =>
      body.includes('multiget') ? body.includes(href) : item.version > since,
    );
    const isListing = method === 'PROPFIND';
    const responses = isListing ? COLLECTIONS(version) : wanted.map(([href, item]) => member(href, item));
    response.writeHead(207, { 'content-type': 'application/xml; charset=utf-8' });
    response.end(
      `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${responses.join('')}` +
        `${isListing ? '' : token(version)}</d:multistatus>`,
    );
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    put,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const HOME = '/calendar/';

/** The same answer whatever address is asked about: the principal, which is the home too, and the calendar in it. */
const COLLECTIONS = (version: number): readonly string[] => [
  response(
    '/',
    '<d:resourcetype><d:collection/></d:resourcetype>' +
      '<d:current-user-principal><d:href>/</d:href></d:current-user-principal>' +
      '<c:calendar-home-set><d:href>/</d:href></c:calendar-home-set>',
  ),
  response(HOME, `<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>${token(version)}`),
];

const member = (href: string, item: { readonly text: string | undefined; readonly version: number }): string =>
  item.text === undefined
    ? `<d:response><d:href>${href}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>`
    : response(
        href,
        `<d:getetag>${escaped(etag(item.version))}</d:getetag><d:getcontenttype>text/calendar</d:getcontenttype>` +
          `<c:calendar-data>${escaped(item.text)}</c:calendar-data>`,
      );

const response = (href: string, properties: string): string =>
  `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}</d:prop>` +
  '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>';

const token = (version: number): string => `<d:sync-token>http://localhost/${version}</d:sync-token>`;

const etag = (version: number): string => `"${version}"`;

/** With the carriage returns, which a reader of XML takes away otherwise. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
