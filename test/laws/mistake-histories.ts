import { act, after, at, DIE, fail, lie, plain, type Regression, regression, within } from './regression.ts';

/** None broke a law by itself: each catches a mistake that one might make, and that others seldom meet. */
export const MISTAKE_HISTORIES: readonly Regression[] = [
  regression('SR5: an intent is not believed where another one was faster', [
    after([act('a', 'create')], at(18, DIE)),
    after([act('b', 'create')]),
  ]),
  regression('SD7: what somebody made meanwhile is not overwritten by a creation', [
    after([]),
    after([act('a', 'create')], within('b', 'create')),
  ]),
  regression('SD8: what somebody made meanwhile is not overwritten by an update', [
    after([act('a', 'create')]),
    after([act('a', 'edit')], within('b', 'edit')),
  ]),
  regression('SD8: what somebody made meanwhile is not removed by a deletion', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('a', 'delete')], within('b', 'edit')),
  ]),
  regression('SI10: an update takes the surplus copies with it', [
    after([act('a', 'create')]),
    after([act('b', 'duplicate'), act('a', 'edit')]),
  ]),
  regression('SL3: what a failed direct look did not prove is no deletion', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('a', 'create', 2)], lie('says-gone'), fail('unavailable')),
  ]),
  regression(
    'SL2: what a listing that failed would hold is not made once more',
    [
      after([act('a', 'create'), act('b', 'create', 0, 1), act('a', 'create', 1)]),
      after([act('a', 'edit', 1)], fail('unavailable')),
    ],
    { rules: { onEmpty: 'sync' } },
  ),
  regression('SL2: what an incomplete listing leaves out is not made once more', [
    after([act('a', 'create', 0, 0), act('b', 'create', 0, 1)], lie('incomplete')),
  ]),
  regression('SL6: what could not be read is not passed over', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('a', 'edit')], fail('unavailable')),
    after([]),
  ]),
  regression(
    'SI7: a new address is recorded, though the etag stays',
    [after([act('a', 'create')]), after([act('a', 'rename')])],
    {
      a: { ...plain, etags: 'content' },
    },
  ),
  regression('SL6: what a dead run wrote, and somebody removes, is missed though no change mentions it', [
    after([act('b', 'create')]),
    after([act('b', 'create', 1)], DIE),
    after([act('a', 'delete', 1)]),
  ]),
  regression('SL6: what goes while we write is missed', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('a', 'create', 2)], within('b', 'delete')),
  ]),
  regression('SL6: what goes as soon as we wrote it is missed', [
    after([act('a', 'create')]),
    after([act('a', 'create', 1)], within('b', 'delete', 1)),
  ]),
  regression('SL6: the removal of what lost its address to another is not forgotten', [
    after([act('a', 'create')]),
    after([act('a', 'change-uid', 0, 1)], fail('unavailable')),
  ]),
  regression('SR5: a write whose reply was lost is looked for', [
    after([act('a', 'create')]),
    after([act('a', 'create', 1)], fail('unavailable')),
    after([act('a', 'delete', 1)]),
  ]),
  regression(
    'SG2: as many as max_delete may be deleted, and no more',
    [
      after([act('a', 'create'), act('a', 'create', 1), act('a', 'create', 2)]),
      after([act('a', 'delete'), act('a', 'delete')]),
    ],
    { rules: { maxDelete: { type: 'count', count: 1 } } },
  ),
  regression(
    'SC7: a storage that lost all its collections is not believed',
    [after([act('a', 'create')]), after([act('a', 'remove-collection')])],
    { rules: { onEmpty: 'sync' } },
  ),
  regression('L6: a property that was unset on one side is unset on the other', [
    after([act('a', 'set-property')]),
    after([act('a', 'unset-property')]),
  ]),
  regression(
    'SG4: one way, nothing of b comes to a',
    [after([act('a', 'create'), act('a', 'create', 1)]), after([act('b', 'edit'), act('b', 'delete', 1)])],
    { rules: { oneWay: true } },
  ),
  regression(
    'L6: a collection that was removed with its items is not brought back',
    [after([act('a', 'create')]), after([act('b', 'remove-collection')])],
    { collections: ['work', 'home'], rules: { onEmpty: 'sync' } },
  ),
];
