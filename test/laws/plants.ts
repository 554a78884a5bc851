/** A mistake: in `file`, `find` (which is there exactly once) becomes `put`. */
export interface Plant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'status before storage: an item is agreed before it is written',
    file: 'src/sync/apply/apply-items.ts',
    find: "    ...writes.map(({ write: { intent, destroys } }) => ({ type: 'intend', intent, destroys }) as const),\n",
    put: `    ...writes.map(({ write: { intent, destroys } }) => ({ type: 'intend', intent, destroys }) as const),
    ...writes.flatMap(({ write: { intent, item, action } }) =>
      intent.source === undefined || item === undefined
        ? []
        : [
            {
              type: 'agree',
              agreement: {
                ident: action.ident,
                sides:
                  intent.side === 'a'
                    ? { a: { ...intent.source, href: intent.href, fingerprint: item.fingerprint }, b: intent.source }
                    : { a: intent.source, b: { ...intent.source, href: intent.href, fingerprint: item.fingerprint } },
              },
              base: item,
            } as unknown as StatusChange,
          ],
    ),
`,
  },
  {
    name: 'no intents',
    file: 'src/status/mapping-status.ts',
    find: '    for (const entry of destroys) history.add(entry, circumstances);\n',
    put: '    for (const entry of destroys) history.add(entry, circumstances);\n    statements.removeIntent().run(this.id, ident);\n',
  },
  {
    name: 'an intent is believed, whatever is there',
    file: 'src/sync/observe/recover.ts',
    find: 'now.ident !== ident || now.fingerprint !== fingerprint) {',
    put: 'fingerprint === undefined) {',
  },
  {
    name: 'an interrupted creation goes to another address',
    file: 'src/sync/apply/write-item.ts',
    find: '  if (nth === 0 && intended?.side === side) return intended.href;\n',
    put: '  void intended;\n  if (like !== undefined) nth += 1;\n',
  },
  {
    name: 'an incomplete listing is believed to be complete',
    file: 'src/sync/observe/compare.ts',
    find: "complete: this.#look.type === 'changes' || this.#look.complete,",
    put: 'complete: true,',
  },
  {
    name: 'absence without proof: what is not listed is gone',
    file: 'src/sync/observe/item-facts.ts',
    find: `    if (agreedHref !== undefined) unproven = { ...unproven, [side]: agreedHref };
    return ABSENT;
`,
    put: `    return ABSENT;
`,
  },
  {
    name: 'a listing that fails is an empty one',
    file: 'src/sync/observe/observe.ts',
    find: '    if (error instanceof StorageError) throw new LookFailed(side, error);\n',
    put: "    if (error instanceof StorageError) return { look: { type: 'all', items: [], unknown: [], complete: true }, checkpoint: undefined };\n",
  },
  {
    name: 'a failed direct look proves absence',
    file: 'src/sync/observe/observe.ts',
    find: '      return new Set<Href>();\n',
    put: '      return new Set<Href>(hrefs);\n',
  },
  {
    name: 'what could not be read is absent',
    file: 'src/sync/observe/observe.ts',
    find: '(failed.has(side) ? { ...each, complete: false } : each)',
    put: '(failed.has(side) ? { ...each, complete: true, unknown: new Map() } : each)',
  },
  {
    name: 'a new etag of an equal item is not recorded',
    file: 'src/reconcile/items.ts',
    find: 'agreed?.href !== now.href || agreed.etag !== now.etag ||',
    put: 'agreed?.href !== now.href ||',
  },
  {
    name: 'a new address of an equal item is not recorded',
    file: 'src/reconcile/items.ts',
    find: 'agreed?.href !== now.href || agreed.etag',
    put: 'agreed?.etag',
  },
  {
    name: 'a creation overwrites what is at its address',
    file: 'src/sync/apply/write-item.ts',
    find: `      if (there.fingerprint !== item.fingerprint)
        return { type: 'overtaken', reason: 'it was created there meanwhile', removed: [] };
`,
    put: `      if (there.fingerprint !== item.fingerprint) {
        for await (const now of storage.fetch(collection, [href]))
          if (now.type === 'item')
            return { type: 'written', item, written: await storage.update(collection, { href, etag: now.etag }, item) };
      }
`,
  },
  {
    name: 'an update replaces whatever version is there',
    file: 'src/sync/apply/write-item.ts',
    find: `  const item = itemOf(write);
  return { type: 'written', item, written: await storage.update(collection, action.target, item) };
`,
    put: `  const item = itemOf(write);
  let target = action.target;
  for await (const now of storage.fetch(collection, [target.href]))
    if (now.type === 'item') target = { ...target, etag: now.etag };
  return { type: 'written', item, written: await storage.update(collection, target, item) };
`,
  },
  {
    name: 'a deletion removes whatever version is there',
    file: 'src/sync/apply/write-item.ts',
    find: `    await storage.delete(collection, action.target);
`,
    put: `    let target = action.target;
    for await (const now of storage.fetch(collection, [target.href]))
      if (now.type === 'item') target = { ...target, etag: now.etag };
    await storage.delete(collection, target);
`,
  },
  {
    name: 'a wins conflicts without being asked to',
    file: 'src/reconcile/items.ts',
    find: 'keepSide(conflict, way.side) : conflict; // SI6',
    put: "keepSide(conflict, way.side) : keepSide(conflict, 'a');",
  },
  {
    name: 'the other side wins conflicts',
    file: 'src/reconcile/items.ts',
    find: 'keepSide(conflict, way.side) : conflict; // SI6',
    put: 'keepSide(conflict, otherSide(way.side)) : conflict;',
  },
  {
    name: 'a deletion beats an edit',
    file: 'src/reconcile/items.ts',
    find: '  if (isEdited(agreement, side, copy.version)) {\n',
    put: '  if (agreement === undefined) {\n',
  },
  {
    name: 'an item that one side deleted is created there again',
    file: 'src/reconcile/items.ts',
    find: '  if (isEdited(agreement, side, copy.version)) {\n',
    put: '  if (ident !== undefined) {\n',
  },
  {
    name: 'what was removed from both sides stays in the status',
    file: 'src/reconcile/items.ts',
    find: "  return agreement === undefined ? undefined : { type: 'forget', ident }; // SI1, SG3\n",
    put: '  return undefined;\n',
  },
  {
    name: 'a checkpoint from before own writes is kept, and what came since is not looked at',
    file: 'src/sync/apply/settle.ts',
    find: '    if (!wrote[side] || since === undefined) return undefined;\n',
    put: '    if (since === undefined || wrote[side] || side !== undefined) return undefined;\n',
  },
  {
    name: 'a checkpoint is kept although not everything before it is accounted for',
    file: 'src/sync/apply/settle.ts',
    find: '  if (!isAccountable(observation, side)) return wrote ? undefined : known;\n',
    put: '  void known;\n',
  },
  {
    name: 'checkpoints stay while something newer is recorded',
    file: 'src/sync/apply/drop-checkpoints.ts',
    find: 'mapping.checkpoint(side) === undefined ? []',
    put: 'mapping.id !== Infinity ? []',
  },
  {
    name: 'the removal of an item whose address was taken over is forgotten',
    file: 'src/sync/apply/settle.ts',
    find: 'const next = isLost(work, observation, side, written[side])',
    put: 'const next = isLost(work, observation, side, written[side]) && side === undefined',
  },
  {
    name: 'sightings are forgotten',
    file: 'src/sync/apply/settle.ts',
    find: '    changes.push(sight(staysBehind[side] && etag !== undefined ? notice(side, href, UNSEEN) : sighting));\n',
    put: ``,
  },
  {
    name: 'what was seen after a checkpoint that stays behind is believed to be there',
    file: 'src/sync/apply/settle.ts',
    find: 'staysBehind[side] && etag !== undefined ? notice(side, href, UNSEEN) : sighting',
    put: 'sighting',
  },
  {
    name: 'what was listed, and went before it was read, is gone',
    file: 'src/sync/observe/read.ts',
    find: '    else if (etag === UNSEEN) differences.missing',
    put: '    else if (etag !== undefined) differences.missing',
  },
  {
    name: 'whose address was taken while the collection was looked at is gone',
    file: 'src/sync/observe/item-facts.ts',
    find: '    if (isTaken && overtaken.has(agreedHref)) return OVERTAKEN;\n',
    put: '',
  },
  {
    name: 'sightings stay when they are settled',
    file: 'src/sync/apply/settle.ts',
    find: "      changes.push({ type: 'unsight', side: known.side, href: known.href });\n",
    put: '',
  },
  {
    name: 'changes that were noticed while writing are dropped',
    file: 'src/sync/apply/settle.ts',
    find: `      for (const { href, etag } of toRead.values()) changes.push(sight(notice(side, href, etag)));
`,
    put: `      void toRead;
`,
  },
  {
    name: 'removals that were noticed while writing are dropped',
    file: 'src/sync/apply/settle.ts',
    find: `changes.push(sight(notice(side, href, undefined)));
      for (const href of unmentioned`,
    put: `changes.push();
      for (const href of unmentioned`,
  },
  {
    name: 'what somebody removed at once after we wrote it is not missed',
    file: 'src/sync/apply/settle.ts',
    find: `  return [...written.keys()].filter((href) => !mentioned.has(href));
`,
    put: `  return [...written.keys()].filter((href) => mentioned.size < 0 && href === undefined);
`,
  },
  {
    name: 'what a storage made of an item is not read back',
    file: 'src/sync/apply/apply-items.ts',
    find: "written.holds === 'unknown' || written.etag === undefined",
    put: 'written.etag === undefined',
  },
  {
    name: 'what a storage made of an item is not copied back',
    file: 'src/sync/apply/verify.ts',
    find: '  const isSame = stored === undefined ||',
    put: '  const isSame = item !== undefined || stored === undefined ||',
  },
  {
    name: 'ping-pong: what was rewritten is agreed as what was sent',
    file: 'src/sync/apply/verify.ts',
    find: 'fingerprint: stored?.fingerprint ?? item.fingerprint };',
    put: 'fingerprint: item.fingerprint };',
  },
  {
    name: 'duplicates: the first one is taken',
    file: 'src/reconcile/copies.ts',
    find: '    if (versions.some((version) => version.fingerprint !== versions[0]?.fingerprint)) {\n',
    put: '    if (versions.length > 99) {\n',
  },
  {
    name: 'surplus copies are not removed',
    file: 'src/sync/apply/write-item.ts',
    find: `    await storage.delete(collection, version);
    removed.push(version);
`,
    put: ``,
  },
  {
    name: 'an unreadable item counts as gone',
    file: 'src/sync/observe/item-facts.ts',
    find: "    if (entry !== undefined) return { type: 'unknown', reason: entry.reason, waits: entry.waits };\n",
    put: "    if (entry !== undefined) return { type: 'absent' };\n",
  },
  {
    name: 'on_empty skip does nothing',
    file: 'src/reconcile/guards.ts',
    find: "  if (rules.onEmpty === 'sync' ||",
    put: '  if (rules.onEmpty.length > 0 ||',
  },
  {
    name: 'max_delete does nothing',
    file: 'src/reconcile/guards.ts',
    find: '  return items > limit ?',
    put: '  return items > limit + 1000 ?',
  },
  {
    name: 'max_delete is one too many',
    file: 'src/reconcile/guards.ts',
    find: '  return items > limit ?',
    put: '  return items > limit + 1 ?',
  },
  {
    name: 'one_way writes to a',
    file: 'src/reconcile/mapping.ts',
    find: '    rules.oneWay\n',
    put: '    rules.oneWay && item.agreement === undefined\n',
  },
  {
    name: 'a read-only side is written to',
    file: 'src/reconcile/mapping.ts',
    find: '  if (side === undefined || !readOnly.has(side)) return action;\n',
    put: '  if (side === undefined || readOnly.size < 9) return action;\n',
  },
  {
    name: 'an item that took over an address stands for the one that was there',
    file: 'src/sync/observe/recover.ts',
    find: 'if (source === undefined || now === undefined || now.ident !== ident ||',
    put: 'if (source === undefined || now === undefined ||',
  },
  {
    name: 'the agreement of another item: who had an address keeps it',
    file: 'src/status/mapping-status.ts',
    find: '    for (const side of SIDES) statements.displace[side]().run(this.id, sides[side].href, ident);\n',
    put: '    for (const side of SIDES) for (const each of [this.agreementAt(side, sides[side].href)]) if (each !== undefined && each.ident !== ident) statements.forget().run(this.id, each.ident);\n',
  },
  {
    name: 'what is replaced does not go to the history',
    file: 'src/status/mapping-status.ts',
    find: '    for (const entry of destroys) history.add(entry, circumstances);\n',
    put: '    void destroys;\n    void history;\n    void circumstances;\n',
  },
  {
    name: 'an intent is dropped although its write may have been done',
    file: 'src/sync/apply/apply-items.ts',
    find: "      if (result.done === 'no') changes.push",
    put: '      changes.push',
  },
  {
    name: 'an intent is kept although its write was certainly not done',
    file: 'src/sync/apply/apply-items.ts',
    find: "    case 'overtaken':\n      changes.push(...takenBack(intent, result.removed, applied));\n",
    put: "    case 'overtaken':\n",
  },
  {
    name: 'a deletion is not recorded',
    file: 'src/sync/apply/apply-items.ts',
    find: "      changes.push({ type: 'forget', ident }, { type: 'done', ident });\n",
    put: "      changes.push({ type: 'done', ident });\n",
  },
  {
    name: 'a collection that is gone takes the other one with it, items and all',
    file: 'src/sync/apply/apply-gone.ts',
    find: 'const isEmptied = terms.tally.failed + terms.tally.postponed === before;',
    put: 'const isEmptied = before >= 0;',
  },
  {
    name: 'the deletion of a collection brings it back',
    file: 'src/reconcile/collections.ts',
    find: '  if (mapping.known === undefined || (rules.oneWay',
    put: '  if (mapping.sides !== undefined || (rules.oneWay',
  },
  {
    name: 'a storage that lost all its collections is believed',
    file: 'src/sync/observe/discover-sides.ts',
    find: '!options.allow.empty && lostAll(facts, side)',
    put: '!options.allow.empty && lostAll(facts, side) && facts.known.length > 99',
  },
  {
    name: 'a property that is unset on one side is set again',
    file: 'src/reconcile/properties.ts',
    find: '  if (changed.length === 1) return changed[0];\n',
    put: '  if (changed.length === 1) return SIDES.find((side) => values[side] !== undefined);\n',
  },
  {
    name: 'a property is not recorded when it was set',
    file: 'src/sync/apply/apply-properties.ts',
    find: "      changes.push({ type: 'property', name: action.name, agreed: { value: action.value } });\n      end(",
    put: '      end(',
  },
  {
    name: 'a copying back that was interrupted is forgotten',
    file: 'src/sync/observe/recover.ts',
    find: '    const intent = recovered.copiesBack.get(ident);\n',
    put: '    const intent = recovered.copiesBack.size > 99 ? recovered.copiesBack.get(ident) : undefined;\n',
  },
  {
    name: 'an intent whose address could not be read is dropped',
    file: 'src/sync/observe/recover.ts',
    find: "    if (verb !== 'delete' && isUnread(",
    put: "    if (verb === 'delete' && isUnread(",
  },
  {
    name: 'what was noticed, and could not be read, is forgotten',
    file: 'src/sync/apply/settle.ts',
    find: '      if (isUntold(observation.differences[known.side], known.href)) continue;\n',
    put: '',
  },
];
