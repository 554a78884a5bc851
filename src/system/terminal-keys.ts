import process from 'node:process';
import { emitKeypressEvents, type Key } from 'node:readline';

/** A person who answers by single keys. */
export interface Keys {
  /** The next key that stands for a character; until it comes, or the signal is aborted. */
  press(question: string, signal: AbortSignal): Promise<Press>;
}

export type Press =
  /** In lower case. */
  | { readonly type: 'key'; readonly key: string }
  /** There will be no other. */
  | { readonly type: 'ended' }
  /** Ctrl-C, or the signal. */
  | { readonly type: 'interrupted' };

export type KeyInput = NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown };

/**
 * Waits for one key. What else was typed with it, and keys without a character (arrows, Enter), mean nothing, so that a
 * letter that is followed by Enter does as well. The terminal is left as it was; at the end of the process, however it
 * comes, Node restores it too.
 */
export function pressKey(
  question: string,
  { input, output, signal }: { input: KeyInput; output: NodeJS.WritableStream; signal: AbortSignal },
): Promise<Press> {
  if (signal.aborted) return Promise.resolve({ type: 'interrupted' });
  emitKeypressEvents(input);
  return new Promise((resolve) => {
    const begin = (): void => {
      // Before anybody is asked: what is typed in answer is ours, Ctrl-C too.
      input.setRawMode?.(true);
      input.resume();
      output.write(`${question.replaceAll(/\p{Cc}/gu, '\ufffd')} `);
    };
    const end = (press: Press, shown = ''): void => {
      input.off('keypress', onKey).off('end', onEnd).off('error', onEnd);
      signal.removeEventListener('abort', onAbort);
      input.setRawMode?.(false);
      input.pause();
      output.write(`${shown}\n`);
      resolve(press);
    };
    const onEnd = (): void => end({ type: 'ended' });
    const onAbort = (): void => end({ type: 'interrupted' });
    const onKey = (text: string | undefined, { ctrl, name }: Key): void => {
      if (ctrl === true && name === 'c') end({ type: 'interrupted' });
      else if (ctrl === true && name === 'd') end({ type: 'ended' });
      else if (ctrl === true && name === 'z') suspend();
      else if (text !== undefined && /^[^\p{C}\s]$/u.test(text)) {
        end({ type: 'key', key: text.toLowerCase() }, text);
      }
    };
    // As a shell's user expects it; the terminal does not do so by itself while keys are read one by one.
    const suspend = (): void => {
      input.setRawMode?.(false);
      process.once('SIGCONT', begin);
      process.kill(process.pid, 'SIGTSTP');
    };
    input.on('keypress', onKey).on('end', onEnd).on('error', onEnd);
    signal.addEventListener('abort', onAbort);
    begin();
  });
}
