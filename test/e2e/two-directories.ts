import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { itemText } from '../support/item-text.ts';
import { Machine } from './program.ts';

/** A machine with the directories `laptop` and `server`, which a pair called work keeps in sync; both have `home`. */
export class TwoDirectories {
  readonly machine: Machine;

  private constructor(machine: Machine) {
    this.machine = machine;
  }

  static async make(more = ''): Promise<TwoDirectories> {
    const two = new TwoDirectories(await Machine.make());
    for (const side of ['laptop', 'server']) await mkdir(two.machine.path(side, 'home'), { recursive: true });
    await two.configure(more);
    return two;
  }

  /** `more` stands in the pair. */
  async configure(more: string): Promise<void> {
    const storages = ['laptop', 'server'].map(
      (name) => `storage ${name} {\n  type "vdir/icalendar"\n  path ${JSON.stringify(this.machine.path(name))}\n}\n`,
    );
    await this.machine.configure(
      `${storages.join('')}pair work {\n  storage_a laptop\n  storage_b server\n  collections all\n  ${more}\n}\n`,
    );
  }

  /** A user's writing; the title is the UID where none is given. */
  put(side: 'laptop' | 'server', uid: string, title = uid): Promise<void> {
    return writeFile(this.machine.path(side, 'home', `${uid}.ics`), itemText('calendar', uid, title));
  }

  remove(side: 'laptop' | 'server', uid: string): Promise<void> {
    return unlink(this.machine.path(side, 'home', `${uid}.ics`));
  }

  /** The titles of a side, in the order of the files. */
  async titles(side: 'laptop' | 'server'): Promise<readonly string[]> {
    const items = await this.machine.items(side, 'home');
    return [...items.values()].map((text) => /^SUMMARY:(.*)\r$/m.exec(text)?.[1] ?? '');
  }

  read(...parts: readonly string[]): Promise<string> {
    return readFile(this.machine.path(...parts), 'utf8');
  }
}
