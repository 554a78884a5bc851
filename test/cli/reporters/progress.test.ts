import { describe, expect, test } from 'vitest';
import { progressReporter } from '../../../src/cli/reporters/progress.ts';
import { done, summary } from './told.ts';

describe('the progress line', () => {
  test('shows a collection, how far it is and how fast, and vanishes', () => {
    let now = 0;
    let foot: readonly string[] = [];
    const print = {
      result: () => undefined,
      note: () => undefined,
      foot: (lines: readonly string[]) => {
        foot = lines;
      },
    };
    const tell = progressReporter(print, () => now);
    tell({ type: 'collection-begins', pair: 'calendars', collection: 'work', total: 10 });
    expect(foot).toEqual(['calendars/work: 0/10']);
    tell(done());
    expect(foot, 'is not drawn for each item').toEqual(['calendars/work: 0/10']);
    now = 2000;
    tell(done());
    expect(foot).toEqual(['calendars/work: 2/10, 1/s']);
    tell(done({ collection: 'other' }));
    tell(done({ subject: { type: 'property', name: 'color' } }));
    now = 4000;
    tell(done());
    expect(foot).toEqual(['calendars/work: 3/10, 1/s']);
    tell(summary());
    expect(foot).toEqual([]);
  });
});
