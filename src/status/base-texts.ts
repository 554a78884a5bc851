import { compress } from './compressed-text.ts';
import type { Connection } from './connection.ts';
import { expandOrFail } from './history.ts';
import type { BaseText } from './status.ts';

/** Where a text is: in which pack, and from which of its characters to before which; null: to its end. */
export interface Place {
  readonly pack: number;
  readonly start: number;
  readonly end: number | null;
}

/**
 * Base texts, those of a transaction compressed together: items are alike, so that takes a quarter of the time and half
 * of the room. A pack stays until nothing in it is the base of an agreement (`schema.ts` counts).
 */
export interface BaseTexts {
  /** Where each of them is from now on. Within the transaction that makes all of them bases. */
  add(bases: readonly BaseText[]): ReadonlyMap<BaseText, Place>;
  read(place: Place): string;
}

/** As much has to be expanded to read one of them, and may outlive the others as long as one of them is a base. */
const PACK_CHARACTERS = 16 * 1024;

export function openBaseTexts(connection: Connection): BaseTexts {
  const insert = connection.statement<[number, Buffer]>('INSERT INTO packs (used, texts) VALUES (?, ?)');
  const find = connection.statement<[number], { readonly texts: Buffer }>('SELECT texts FROM packs WHERE id = ?');
  /** What is read in turn was mostly agreed in turn. */
  let last: { readonly pack: number; readonly text: string } | undefined;

  const expand = (pack: number): string => {
    const row = find().get(pack);
    if (row === undefined) throw connection.damaged(new Error(`pack ${pack} is missing`));
    return expandOrFail(connection, row.texts);
  };

  return {
    add(bases) {
      const places = new Map<BaseText, Place>();
      for (const pack of inPacks(bases)) {
        const text = pack.map((base) => base.text).join('');
        const id = Number(insert().run(pack.length, compress(text)).lastInsertRowid);
        let start = 0;
        for (const base of pack) {
          places.set(base, { pack: id, start, end: start + base.text.length });
          start += base.text.length;
        }
      }
      return places;
    },
    read({ pack, start, end }) {
      if (last?.pack !== pack) last = { pack, text: expand(pack) };
      return last.text.slice(start, end ?? undefined);
    },
  };
}

function inPacks(bases: readonly BaseText[]): readonly (readonly BaseText[])[] {
  const packs: BaseText[][] = [];
  let room = 0;
  for (const base of bases) {
    room -= base.text.length;
    const last = packs.at(-1);
    if (last !== undefined && room >= 0) last.push(base);
    else {
      packs.push([base]);
      room = PACK_CHARACTERS - base.text.length;
    }
  }
  return packs;
}
