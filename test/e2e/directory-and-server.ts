import { mkdir, writeFile } from 'node:fs/promises';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

/** A machine whose directory `calendars` a pair called work keeps in sync with a server; both have `home`. */
export class DirectoryAndServer {
  readonly machine: Machine;
  readonly server: DavServer;
  /** Where `home` is on the server. */
  readonly calendar: string;

  private constructor(machine: Machine, server: DavServer) {
    this.machine = machine;
    this.server = server;
    this.calendar = server.content.addCalendar('home');
  }

  static async make(): Promise<DirectoryAndServer> {
    const both = new DirectoryAndServer(await Machine.make(), await startDavServer());
    await mkdir(both.machine.path('calendars/home'), { recursive: true });
    await both.machine.configure(vdirAndCalDav(both.machine.path('calendars'), both.server.url));
    return both;
  }

  /** A user's writing in the directory. */
  write(uid: string, title: string): Promise<void> {
    return writeFile(this.machine.path('calendars/home', `${uid}.ics`), itemText('calendar', uid, title));
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.machine.remove();
  }
}
