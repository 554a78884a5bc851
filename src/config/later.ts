import { readBlock } from './block.ts';
import { WINDOW } from './directives.ts';
import { type Checked, checkDuration, checkPath, right, wrong } from './form.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { readValue } from './value.ts';
import { checked, notYet, oneWord, wordsOf } from './words.ts';

/** Words of a choice that are understood, and not supported yet. */
export const LATER_CHOICES: Readonly<Record<string, readonly string[]>> = { auth_method: ['digest', 'bearer'] };

/** A directive that is understood, and not supported yet. Its form is checked all the same. */
export function readLater(node: SyntaxNode, reading: Reading): undefined {
  checkLaterForm(node, reading);
  return reading.mistake(node.at, notYet(node.name));
}

function checkLaterForm(node: SyntaxNode, reading: Reading): void {
  switch (node.name) {
    case 'token':
      readValue(node, { form: { form: 'text' }, secret: true, owner: 'a storage' }, reading);
      return;
    case 'item_types':
      checkWords(node, 'item_types TYPE…', Number.POSITIVE_INFINITY, checkItemType, reading);
      return;
    case 'tls_root':
      checkWords(node, 'tls_root FILE', 1, (text) => checkPath(text, reading.home.directory), reading);
      return;
    case 'auth_cert':
      checkWords(node, 'auth_cert CERT [KEY]', 2, (text) => checkPath(text, reading.home.directory), reading);
      return;
    case 'tls_fingerprint':
      checkWords(node, 'tls_fingerprint HEX', 1, checkFingerprint, reading);
      return;
    case 'window':
      checkBlock(node, 'window { past TIME; future TIME }', reading, (block) => {
        const window = readBlock({ ...block, what: '"window"' }, WINDOW, reading);
        for (const name of WINDOW.names) {
          const limit = window.one(name);
          if (limit !== undefined) oneWord(limit, `${name} TIME`, checkDuration, reading);
        }
      });
      return;
    default:
  }
}

function checkWords(
  node: SyntaxNode,
  form: string,
  max: number,
  check: (text: string) => Checked<string>,
  reading: Reading,
): void {
  for (const word of wordsOf(node, { form, min: 1, max }, reading) ?? []) checked(word, check, reading);
}

function checkBlock(
  node: SyntaxNode,
  form: string,
  reading: Reading,
  check: (block: SyntaxNode & { readonly nodes: readonly SyntaxNode[] }) => void,
): void {
  if (node.block === undefined || node.block.length === 0 || node.words.length > 0) {
    if (node.whole) reading.mistake(node.at, `"${node.name}" takes a block; it is written: ${form}`);
    return;
  }
  check({ ...node, nodes: node.block });
}

const checkItemType = (text: string): Checked<string> =>
  ['VEVENT', 'VTODO', 'VJOURNAL'].includes(text) ? right(text) : wrong('is none of "VEVENT", "VTODO", "VJOURNAL"');

const checkFingerprint = (text: string): Checked<string> =>
  /^[0-9a-f]{64}$/i.test(text.replaceAll(':', ''))
    ? right(text)
    : wrong('is no SHA-256 fingerprint: 64 hexadecimal digits');
