import fc from 'fast-check';
import type { History } from './history.ts';

/** A law, as a function that throws where a history breaks it; `log` hears what happens step by step. */
export type Law = (history: History, log?: (line: string) => void) => Promise<void>;

/** Fails with the shortest history that breaks the law, as values to be kept and as a story to be read. */
export async function assertHistories(
  histories: fc.Arbitrary<History>,
  law: Law,
  terms: { readonly numRuns: number; readonly seed?: number },
): Promise<void> {
  const found = await fc.check(
    fc.asyncProperty(histories, (history) => law(history)),
    terms,
  );
  const history = found.counterexample?.[0];
  if (history === undefined) return;
  throw new Error(
    [
      `history ${found.numRuns} of seed ${found.seed} (path ${found.counterexamplePath})`,
      ...(await tell(law, history)),
      'the history, for regressions.ts:',
      JSON.stringify(history),
    ].join('\n'),
  );
}

/** What happens in a history, up to the law that it breaks. */
export async function tell(law: Law, history: History): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    await law(history, (line) => lines.push(line));
    return [...lines, 'no law is broken'];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [...lines, String(error.message)];
  }
}
