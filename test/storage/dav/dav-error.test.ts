import { describe, expect, test } from 'vitest';
import { davTrials, failureOf } from '../../support/dav-trial.ts';

const trial = davTrials();

describe('what a server says', () => {
  test.each([
    ['text/plain', 'Too many\r\nrequests', 'the server answered 400 (Too many)'],
    ['text/html', '<!DOCTYPE html><html><title>Oh</title><br></html>', 'the server answered 400'],
    [
      'application/xml',
      '<error xmlns="DAV:"><supported-report/></error>',
      'the server answered 400 (supported-report)',
    ],
    [
      'application/xml',
      '<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>X</s:exception><s:message>It is closed</s:message></d:error>',
      'the server answered 400 (It is closed)',
    ],
    ['application/xml', '<error xmlns="DAV:"><quota-not-exceeded/></error>', 'the space for this user is used up'],
    ['application/xml', '<error xmlns="DAV:"><cut', 'the server answered 400'],
    ['application/xml', '', 'the server answered 400'],
  ])('in %s is told: %s', async (type, body, sentence) => {
    const { storage, server, calendar } = await trial();
    server.fault({ effect: { type: 'status', status: 400, headers: { 'Content-Type': type }, body } });
    const error = await failureOf(storage.setProperty(calendar, 'displayname', 'x'));
    expect(error.message).toContain('could not set displayname of /alice/calendars/work/ on storage "remote": ');
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain('\n');
  });

  test('a web page is told as one, with where to look', async () => {
    const { storage, server, calendar } = await trial();
    server.fault({ effect: 'html' });
    const error = await failureOf(storage.look(calendar, undefined));
    expect(error.message).toContain('web page');
    expect(error.hint).toContain('"url"');
  });

  test('a limit of use is no permission', async () => {
    const { storage, server, calendar } = await trial();
    const body = '{"error": {"errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}';
    server.fault({ effect: { type: 'status', status: 403, body } });
    expect((await failureOf(storage.look(calendar, undefined))).kind).toBe('overloaded');
  });

  test('an error whose text never ends is still an error', async () => {
    const { storage, server, calendar } = await trial();
    server.fault({ effect: { type: 'status', status: 507, body: 'x'.repeat(5_000_000) } });
    const error = await failureOf(storage.setProperty(calendar, 'displayname', 'x'));
    expect(error.kind).toBe('rejected');
    expect(error.message.length).toBeLessThan(400);
  });
});
