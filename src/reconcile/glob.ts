/** Whether all of `text` fits `glob`, in which `*` stands for any text and `?` for one character. Linear space, no regular expression. */
export function matchesGlob(text: string, glob: string): boolean {
  const characters = [...text];
  const pattern = [...glob];
  let at = 0;
  let star: { readonly pattern: number; text: number } | undefined;
  let position = 0;
  while (at < characters.length) {
    if (pattern[position] === '*') {
      star = { pattern: position, text: at };
      position += 1;
    } else if (position < pattern.length && (pattern[position] === '?' || pattern[position] === characters[at])) {
      at += 1;
      position += 1;
    } else if (star !== undefined) {
      star.text += 1;
      at = star.text;
      position = star.pattern + 1;
    } else {
      return false;
    }
  }
  while (pattern[position] === '*') position += 1;
  return position === pattern.length;
}
