import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Node has no sockets of this kind. A message that only asks whether all were read (BARRIER) is none to test. */
const LISTENER = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(chr(0) + sys.argv[1][1:])
print("listening", flush=True)
while True:
    data, descriptors, _, _ = socket.recv_fds(listener, 65536, 4)
    for descriptor in descriptors:
        os.close(descriptor)
    text = data.decode().strip()
    if text != "BARRIER=1":
        print(text.replace(chr(10), "|"), flush=True)
`;

/** A socket that a service manager would listen at. */
export interface NotifyListener {
  /** For `NOTIFY_SOCKET`: an abstract one, which leaves no file. */
  readonly address: string;
  /** What came so far; a vertical bar stands for a line end. */
  readonly messages: readonly string[];
  close(): Promise<void>;
}

/** Whether there is what such a socket needs. */
export function canListenToNotifications(): boolean {
  try {
    execFileSync('systemd-notify', ['--version'], { stdio: 'ignore' });
    execFileSync('python3', ['-c', 'import socket; socket.recv_fds'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && ('code' in error || 'status' in error)) return false;
    throw error;
  }
}

export async function listenToNotifications(): Promise<NotifyListener> {
  const address = `@pimsync-test-${randomUUID()}`;
  const child: ChildProcess = spawn('python3', ['-c', LISTENER, address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('it has an output');
  const messages: string[] = [];
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  lines.on('line', (line) => messages.push(line));
  return {
    address,
    messages,
    async close() {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}
