import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type KeyInput, type Keys, pressKey } from './terminal-keys.ts';

/** Where a person sits. Prompts go to standard error, so that results on standard output stay clean. */
export interface Terminal {
  /** One line, without its end. `hidden`: what is typed is not shown. Undefined where the person broke off. */
  ask(question: string, answer: 'shown' | 'hidden'): Promise<string | undefined>;
}

type Input = KeyInput & { readonly isTTY?: boolean };
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** The terminal that two streams are; undefined where one of them is none. */
export function terminalOf(input: Input, output: Output): (Terminal & Keys) | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return {
    ask: (question, answer) => ask(question, answer, input, output),
    press: (question, signal) => pressKey(question, { input, output, signal }),
  };
}

function ask(question: string, answer: 'shown' | 'hidden', input: Input, output: Output): Promise<string | undefined> {
  output.write(`${question.replaceAll(/\p{Cc}/gu, '\ufffd')} `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input,
    output: answer === 'shown' ? output : nowhere,
    terminal: true,
    historySize: 0,
  });
  return new Promise((resolve) => {
    const end = (line: string | undefined): void => {
      // Closing it ends the question too, without an answer.
      resolve(line);
      lines.close();
      if (answer === 'hidden' || line === undefined) output.write('\n');
    };
    lines.once('line', end);
    lines.once('SIGINT', () => end(undefined));
    lines.once('close', () => resolve(undefined));
  });
}
