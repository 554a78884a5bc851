import {
  ABORT,
  act,
  adds,
  after,
  at,
  DIE,
  fail,
  fully,
  lie,
  plain,
  type Regression,
  regression,
  within,
} from './regression.ts';

/** Each broke a law once. */
export const REGRESSIONS: readonly Regression[] = [
  regression('L5: what moved, and could not be read, is no deletion', [
    after([act('a', 'create')]),
    after([act('a', 'rename')], fail('unavailable')),
  ]),
  regression('L7: what could not be read is not created once more', [
    after([act('a', 'create'), act('b', 'create', 0, 1)]),
    after([act('a', 'edit')], fail('unavailable')),
  ]),
  regression('L6: a deletion is seen of an item that was agreed on in a run that died', [
    after([]),
    after([act('b', 'create')], DIE),
    after([act('b', 'delete')]),
    after([act('a', 'edit')]),
  ]),
  regression('L6: a deletion is seen at the side that was written to, when the run died', [
    after([]),
    after([act('b', 'create')], DIE),
    after([act('a', 'delete')]),
  ]),
  regression('SG1: what a dead run wrote is remembered as missing', [
    after([act('a', 'create', 1)]),
    after([act('b', 'create', 0)], DIE),
    after([act('b', 'delete'), act('b', 'delete')]),
  ]),
  regression('L4: a held item stays agreed when another one takes over its address', [
    after([act('a', 'create', 1), act('a', 'duplicate'), act('a', 'create', 0)]),
    after([act('a', 'edit', 0)]),
    after([act('a', 'swap', 0, 1)]),
  ]),
  regression(
    'L2: what a storage made of an item is copied back, though something came between',
    [after([act('a', 'create')], ABORT), after([])],
    { b: adds },
  ),
  ...(['die', 'abort'] as const).map((type) =>
    regression(
      `L6: what a storage made of an item does not bring it back, when a run was to ${type} before it was copied back`,
      [after([act('a', 'create')], { type }), after([act('a', 'delete')])],
      { b: adds, rules: { onEmpty: 'sync' } },
    ),
  ),
  regression(
    'L2: what a storage made of an item is copied back after a run that died, wherever it is by then',
    [after([act('a', 'create')], DIE), after([act('a', 'rename')])],
    { b: adds },
  ),
  regression(
    'L2: what a storage made of an item is copied back, though the run that was to was interrupted too',
    [after([act('a', 'create')], at(18, ABORT)), after([], ABORT), after([])],
    { b: adds },
  ),
  regression(
    'L2: what could not be read back is read later',
    [after([act('a', 'create')], lie('cuts-fetch')), after([])],
    { a: adds, b: adds },
  ),
  regression(
    'L2: what could not be copied back is copied later',
    [after([act('a', 'create')], within('a', 'rename')), after([])],
    { b: adds },
  ),
  regression(
    'SI10: copying back makes no dispute of equal copies',
    [after([act('a', 'create'), act('a', 'duplicate')]), after([])],
    { b: adds },
  ),
  regression('L5: a stranger does not take the place of what cannot be read', [
    after([act('a', 'create')]),
    after([act('a', 'garble'), act('a', 'rival')]),
  ]),
  regression('L3: disputed copies are told in the same way by each run', [
    after([act('b', 'create')]),
    after([act('b', 'rival'), act('b', 'edit'), act('a', 'unmount')]),
  ]),
  regression('L3: a mapping that our own deletion emptied tells the same dispute as before', [
    after([act('b', 'create', 0), act('b', 'create', 1)]),
    after([act('a', 'delete', 0), act('b', 'delete', 1), act('a', 'rival'), act('a', 'unmount')]),
  ]),
  regression('L3: the old address of what moved is not read again', [
    after([act('a', 'create')]),
    after([act('b', 'edit'), act('a', 'rename'), act('a', 'edit')]),
  ]),
  regression('L2: a conflict ends when one side goes during a run', [
    after([act('b', 'create'), act('a', 'create', 1), act('a', 'create', 0)]),
    after([act('a', 'edit')], within('b', 'delete', 0)),
  ]),
  regression('L5: a second look at what was postponed undoes no property', [
    after([act('a', 'create'), act('b', 'create')]),
    after([act('a', 'edit'), act('a', 'set-property')], lie('cuts-fetch')),
  ]),
  regression(
    'SG4: what a first run one way found beside is held by all that follow',
    [after([act('b', 'create', 0), act('a', 'create', 1)]), after([]), after([act('a', 'create', 2)])],
    { rules: { oneWay: true } },
  ),
  regression(
    'SG4: it is held also after the mapping was',
    [
      after([act('b', 'create', 2), act('a', 'create', 0)]),
      after([act('b', 'create', 1)]),
      after([act('a', 'create', 3)]),
    ],
    { rules: { oneWay: true, maxDelete: { type: 'share', percent: 50 } } },
  ),
  regression('SG4: a read-only side keeps its collection', [after([]), after([act('b', 'remove-collection')])], {
    a: { ...plain, readOnly: true },
    collections: ['work', 'home'],
  }),
  regression(
    'L2: a collection that an edited item brings back is synced at once',
    [after([]), after([act('a', 'create'), act('b', 'remove-collection'), act('a', 'unmount')])],
    { b: adds, collections: ['work', 'home'] },
  ),
  regression('SR6: a flush that fails loses no record', [after([act('a', 'create')], fail('unavailable'))]),
  regression('L2: what was noticed while writing, and could not be read later, is read later still', [
    after([act('b', 'create')], within('a', 'create', 1)),
    after([], fail('unavailable')),
    after([]),
  ]),
  regression(
    'SI14: an edit between copying back and reading back is no doing of the storage',
    [after([act('a', 'create')], within('a', 'edit'))],
    { a: { ...plain, holdsUnknown: true }, b: adds },
  ),
  regression('SR5: an intent whose address cannot be read is looked at later', [
    after([act('a', 'create', 0), act('b', 'create', 0)]),
    after([act('a', 'delete')], at(20, DIE)),
    after([act('b', 'delete')], fail('unavailable')),
  ]),
  regression(
    'SL6: what a dead run saw, and somebody removed, is not remembered as there',
    [after([]), after([act('b', 'create')], DIE), after([act('b', 'delete')])],
    { a: { ...plain, readOnly: true }, collections: ['work', 'home'] },
  ),
  regression('SR5: a listing that lies makes no intent forgotten', [
    after([act('a', 'create')], DIE),
    after([act('a', 'delete')], lie('omits-all')),
  ]),
  regression('SL1: what an incomplete listing leaves out is not remembered as gone', [
    after([act('a', 'create')]),
    fully(after([], lie('incomplete'))),
  ]),
  regression('SL3: what a listing leaves out did not move to where another one is', [
    after([act('b', 'create', 1), act('a', 'create', 0)]),
    fully(after([act('a', 'rival', 1)], lie('omits-one'))),
  ]),
  regression(
    'SI14: what a storage made of what was copied back to it is read later, where it could not be read',
    [after([act('b', 'create')], fail('unavailable')), after([])],
    { a: { ...plain, rewriting: 'count' }, b: { ...plain, rewriting: 'count' } },
  ),
  regression('SL1: a dispute that an incomplete listing leaves out stays one', [
    after([act('a', 'create'), act('b', 'create')]),
    fully(after([], lie('incomplete'))),
  ]),
  regression('SL6: what goes during a run is missed, though the run itself puts another one at its address', [
    after([act('a', 'create')]),
    after([act('b', 'change-uid', 0, 1), act('a', 'edit')], within('a', 'delete')),
    after([]),
  ]),
  regression('L4: our own deletion at an address where another was agreed leaves nothing to be read', [
    after([act('a', 'create', 2), act('a', 'create', 0)]),
    after([act('b', 'edit', 0), act('b', 'delete', 1), act('a', 'edit', 0), act('a', 'swap'), act('a', 'unmount')]),
  ]),
  regression(
    'L3: our own deletion at an address where another was agreed is remembered at once',
    [
      after([act('a', 'create', 2), act('a', 'create', 0)]),
      after([act('b', 'edit', 0), act('b', 'delete', 1), act('a', 'edit', 0), act('a', 'swap')], {
        what: fail('unavailable'),
        step: 0,
      }),
    ],
    { a: { ...plain, checkpoints: false } },
  ),
  regression('L3: an address that our own deletion emptied for another item is not taken for empty', [
    after([act('a', 'create')]),
    after([act('a', 'edit'), act('b', 'duplicate', 0, 2)], lie('omits-all'), {
      what: within('a', 'create', 1, 2),
      step: 0,
    }),
  ]),
  regression('SL6: what was seen after the kept checkpoint, and is gone, is not tried again and again', [
    after([act('a', 'create')]),
    fully(after([act('a', 'create', 1)], lie('incomplete'))),
    after([act('a', 'delete', 3)]),
    after([]),
  ]),
  regression(
    'SG4: a run whose writes were never recorded leaves the next one the first one way',
    [after([act('a', 'create', 1)], { what: fail('unavailable'), step: 19 }), after([act('b', 'create')]), after([])],
    { rules: { oneWay: true } },
  ),
  regression(
    'SG4: what a first run one way held is held after it had a rival, too',
    [
      after([act('b', 'create'), act('a', 'create', 1)]),
      after([act('b', 'duplicate', 1), act('b', 'create', 4)]),
      after([act('b', 'delete'), act('b', 'delete')]),
    ],
    { rules: { oneWay: true } },
  ),
  regression(
    'SI14: what somebody put where an item was copied back is not taken for it',
    [
      after([], { what: within('b', 'create', 1), step: 0 }, { what: DIE, step: 0 }),
      after([], within('b', 'change-uid')),
      after([]),
    ],
    {
      a: { ...plain, itemsInLook: true, rewriting: 'strip' },
      b: { ...plain, itemsInLook: true, etagInWritten: false },
    },
  ),
  regression('L5: whose address another took is not gone while something listed tells nothing of itself', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('a', 'swap')], lie('no-etag')),
    after([]),
  ]),
  regression(
    'SC4: a collection that is brought back has what was unset in it before it was removed',
    [
      after([act('a', 'set-property', 1)]),
      after([act('a', 'create'), act('b', 'unset-property', 3), act('b', 'remove-collection')]),
    ],
    { rules: { onDelete: 'sync' }, collections: ['work', 'home'] },
  ),
  regression(
    'L5: what moved between being listed and being read is not gone',
    [after([act('a', 'create'), act('a', 'create', 1)]), after([act('b', 'create')], within('b', 'swap')), after([])],
    { a: { ...plain, checkpoints: false } },
  ),
  regression('L5: what was renamed between being listed and being read is not gone', [
    after([act('a', 'create'), act('a', 'create', 1)]),
    after([act('b', 'create')], within('b', 'rename')),
    after([]),
  ]),
  regression('SF3: a copy that went before its target was found to be another is in the history', [
    after([act('a', 'create', 1)]),
    after([act('b', 'edit'), act('a', 'create')], within('a', 'swap')),
  ]),
  regression('SG1: what was seen after the kept checkpoint, and went, does not count as there', [
    after([act('a', 'create')]),
    after(
      [act('a', 'create', 3), act('a', 'delete'), act('b', 'create', 3)],
      at(16, fail('unavailable')),
      at(14, within('a', 'delete')),
    ),
    after([]),
  ]),
  regression('L2: what was seen after the kept checkpoint, and went, is in no conflict any more', [
    after([]),
    after([act('b', 'create'), act('a', 'create')], at(0, lie('cuts-fetch', 1))),
    after([act('a', 'delete')]),
  ]),
  regression(
    'L2: what was seen after the kept checkpoint, and went, wins no conflict',
    [
      after([]),
      after([act('b', 'create'), act('a', 'create')], at(14, fail('unavailable')), at(0, lie('cuts-fetch', 1))),
      after([act('b', 'delete')], at(0, fail('unavailable'))),
    ],
    { rules: { keep: 'b' } },
  ),
  regression('SI10: copies that could not be read are not known to be some', [
    after([act('a', 'create')]),
    after([act('a', 'duplicate'), act('b', 'create')], fail('unavailable')),
  ]),
  regression(
    'SG2: what an interrupted run wrote counts as agreed',
    [
      after([act('a', 'create-unnamed'), act('b', 'create', 0, 1), act('b', 'mirror'), act('b', 'create')], DIE),
      after([act('b', 'create')]),
      after([]),
    ],
    { rules: { maxDelete: { type: 'share', percent: 50 } } },
  ),
  regression(
    'SI14: what a storage made of an item is copied back, though the item moved before that',
    [after([act('a', 'create')]), after([act('b', 'create', 1)], within('b', 'swap'))],
    { a: adds },
  ),
  regression(
    'SG4: what a first run one way held is held after a listing that left it out',
    [after([act('a', 'create', 1), act('b', 'create')]), fully(after([], at(9, lie('incomplete'))))],
    { rules: { oneWay: true }, collections: ['work', 'home'] },
  ),
  regression('SL6: whose address another took while it was looked at is looked for by the next run', [
    after([act('a', 'create')]),
    after([act('a', 'create-unnamed'), act('b', 'create', 1)]),
    after([act('a', 'create', 5), act('b', 'create')], within('a', 'edit', 2)),
  ]),
  regression('L6: what was renamed while it was removed is nothing that came back by itself', [
    after([act('a', 'create')]),
    after([act('a', 'delete')]),
    after([], at(5, within('b', 'rename')), at(0, within('a', 'create', 1, 1))),
  ]),
  regression('SI11: what an item without UID was made from is another item', [
    after([]),
    fully(after([act('a', 'create-unnamed')], at(21, fail('unavailable')))),
    after([act('b', 'edit')]),
    after([act('a', 'change-uid')]),
  ]),
  regression(
    'SG4: a first run one way that could not read all of b is still to come',
    [after([act('b', 'create')]), after([act('b', 'create', 1), act('a', 'create')], fail('unavailable')), after([])],
    { rules: { oneWay: true } },
  ),
  regression(
    'SI14: what a person made of an item before it was read back is agreed, and left alone where it has equal copies',
    [after([act('b', 'create'), act('b', 'duplicate')], within('a', 'create'))],
    { a: { ...plain, etagInWritten: false } },
  ),
  regression('SG1: what lost its address to another does not count as there', [
    after([act('a', 'create', 2)], at(9, within('b', 'create'))),
    after([act('a', 'delete'), act('b', 'create'), act('a', 'create', 2, 1)]),
    after([act('a', 'delete'), act('a', 'delete')]),
    after([]),
  ]),
  regression(
    'L6: what took the place of an old content did not come back with its removal',
    [
      after([act('a', 'create')]),
      after([act('a', 'duplicate'), act('b', 'create', 1), act('b', 'garble', 1)]),
      after([act('a', 'edit', 3)]),
      after([act('a', 'change-uid', 0, 1)]),
      after([act('b', 'restore', 4)]),
    ],
    { rules: { oneWay: true } },
  ),
  regression('L5: what an interrupted run wrote does not give way to the rival of what a listing left out', [
    after([act('b', 'create')], DIE),
    after([act('b', 'rival')], at(0, lie('incomplete'))),
    after([]),
  ]),
  regression(
    'SI7: what an interrupted run agreed on is known at another address, where another item took its own',
    [
      after([]),
      after([act('a', 'set-property'), act('b', 'create'), act('a', 'create', 1, 1)], at(0, ABORT)),
      after([], at(43, fail('unavailable'))),
      after([], at(0, ABORT), at(0, within('a', 'swap'))),
    ],
    { a: { ...adds, itemsInLook: true } },
  ),
  regression(
    'SG4: what a first run one way held is held after it could not be read for a while',
    [after([act('b', 'create')]), after([act('b', 'garble'), act('a', 'create', 1)]), after([act('b', 'restore', 3)])],
    { rules: { oneWay: true } },
  ),
  regression('L6: that a property was unset, and the other side refused to, is told once', [
    after([act('a', 'set-property', 3)]),
    fully(after([act('a', 'unset-property', 3)], at(16, fail('unsupported')))),
  ]),
  regression(
    'SI14: what a person made of an item without UID before it was read back is agreed, and left where the other side takes no writes',
    [after([act('a', 'create-unnamed')], within('b', 'edit'))],
    { a: { ...plain, readOnly: true }, b: { ...plain, etagInWritten: false } },
  ),
  regression('L6: what was exchanged with another before its creation was recorded may come back', [
    after([act('b', 'create')], DIE),
    after([act('a', 'create', 1), act('a', 'swap'), act('b', 'delete')]),
    after([]),
  ]),
  regression('SL6: the removal of an unchanged item is seen, whose address a write of the run takes', [
    after([act('a', 'create'), act('a', 'create-unnamed')], at(9, within('b', 'create', 0, 1))),
    after([act('a', 'delete'), act('b', 'delete')], within('a', 'delete')),
  ]),
];
