import { detached } from './detached.ts';

/**
 * A function of short texts whose answers are remembered: names, parameters and zones come again with each item. What
 * fills its memory is forgotten at once, so that a text made for it costs time only.
 */
export function remembered<T extends object | string | boolean>(answer: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  let free = MOST_CHARACTERS;
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    if (text.length > MOST_CHARACTERS / 50) return answer(text);
    if (free < text.length) {
      answers.clear();
      free = MOST_CHARACTERS;
    }
    free -= text.length + 1;
    const key = detached(text);
    const found = answer(key);
    answers.set(key, found);
    return found;
  };
}

/** Of all texts of a function together. */
const MOST_CHARACTERS = 200_000;
