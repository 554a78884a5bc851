import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { contribFile } from './contrib.ts';

/** What stands in a property list, without the empty lines and comments: `key` and the elements behind it. */
function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  const parser = new SaxesParser();
  let written = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', () => {
    written = '';
  });
  parser.on('text', (part) => {
    written += part;
  });
  parser.on('closetag', ({ name }) => {
    elements.push(`${name} ${written.trim()}`.trim());
    written = '';
  });
  parser.write(text).close();
  return elements;
}

test('the property list is well-formed, and says what launchd needs', () => {
  const elements = elementsOf(contribFile('launchd/local.pimsync.plist'));
  const behind = (key: string): string | undefined => elements[elements.indexOf(`key ${key}`) + 1];
  expect(elements.at(-1)).toBe('plist');
  expect(behind('Label')).toBe('string local.pimsync');
  expect(behind('RunAtLoad')).toBe('true');
  expect(behind('SuccessfulExit')).toBe('false');
  expect(behind('Umask')).toBe(`integer ${0o077}`);
  expect(elements).toContain('string exec pimsync daemon 2>>"$HOME/Library/Logs/pimsync.log"');
  expect(elements.filter((element) => element.startsWith('key '))).toHaveLength(11);
});
