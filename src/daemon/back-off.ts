/** The waits after failures in a row: 5 s, doubling to 15 min. In milliseconds. */
const FIRST_MS = 5000;
const LONGEST_MS = 15 * 60 * 1000;

/** How long to wait after so many failures in a row, from 1. `random` is in [0, 1). */
export const backOffMs = (failures: number, random: () => number): number =>
  Math.min(spread(Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS), random), LONGEST_MS);

/** Three to five quarters of a time, so that what began together does not go on together. */
export const spread = (ms: number, random: () => number): number => ms * (0.75 + random() / 2);
