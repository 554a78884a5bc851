import { expect, test } from 'vitest';
import { PROPERTY_NAMES, type PropertyName, propertiesOf } from '../../../src/model/collection.ts';
import { must } from '../../../src/model/errors.ts';
import type { Bench } from './bench.ts';

/** What is set and unset (SD13). */
export function propertyRules(bench: Bench): void {
  const { kindOfFailure, has, testIf } = bench;

  const values = (property: PropertyName): readonly string[] =>
    ({
      displayname: ['Work', 'Ärzte, 予定 & <more>', 'Work'],
      description: ['All of it', 'Über "alles"'],
      color: ['#ff0000', '#00ff00'],
      order: ['7', '12'],
    })[property];
  const valueNow = async (property: PropertyName): Promise<string | undefined> =>
    must(await bench.storage.find(bench.collection), 'it is there').properties[property];

  testIf(has('properties') && has('true-properties'))(
    'SD13 a property that is set is read back, and unset is removed',
    async () => {
      for (const property of propertiesOf(bench.kind)) {
        for (const value of values(property)) {
          await bench.storage.setProperty(bench.collection, property, value);
          const found = await valueNow(property);
          // Servers add an opacity to colours, and some write them large.
          expect(property === 'color' ? found?.toLowerCase().slice(0, 7) : found).toBe(value);
          const discovered = (await bench.storage.discover()).find((one) => one.href === bench.collection);
          expect(discovered?.properties[property]).toBe(found);
        }
        await bench.storage.setProperty(bench.collection, property, undefined);
        expect(await valueNow(property)).not.toBe(values(property).at(-1));
        await bench.storage.setProperty(bench.collection, property, undefined);
      }
    },
  );

  test('SD13 a property that the storage does not have is unsupported', async () => {
    const known = has('properties') ? propertiesOf(bench.kind) : [];
    for (const property of PROPERTY_NAMES.filter((one) => !known.includes(one))) {
      expect(await kindOfFailure(bench.storage.setProperty(bench.collection, property, '1'))).toBe('unsupported');
    }
  });
}
