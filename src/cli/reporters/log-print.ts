import { localTime } from '../local-time.ts';
import type { Print, Style } from '../print.ts';

/** Priorities of syslog, as the journal takes them from the beginning of a line (sd-daemon(3)). */
const PRIORITIES: Readonly<Record<Style, number>> = {
  bad: 3,
  warning: 4,
  bold: 6,
  plain: 6,
  good: 6,
  a: 6,
  b: 6,
  faint: 7,
};

/** The same, with each line of standard error as a log has it: with its priority in the journal, its time elsewhere. */
export const logPrint = (print: Print, isJournal: boolean, now: () => number): Print => ({
  ...print,
  note: (line, style = 'plain') => {
    // What else would stand in front of the priority.
    if (isJournal) print.note(`<${PRIORITIES[style]}>${line}`);
    else print.note(`${localTime(now())} ${line}`, style);
  },
});
