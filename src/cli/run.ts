import { UsageError, unreachable } from '../model/errors.ts';
import type { Invocation } from './call/arguments.ts';
import { readArguments } from './call/arguments.ts';
import type { Command } from './call/command.ts';
import { type Ending, exitStatus } from './exit-code.ts';
import { Interruption } from './interruption.ts';
import type { Outside } from './outside.ts';
import { printTo } from './print.ts';
import type { Session } from './session.ts';

/** Runs the command that the arguments name, to its end; answers the exit status. Whatever fails is shown, not thrown. */
export async function run(outside: Outside): Promise<number> {
  return exitStatus(await runToEnding(outside));
}

/** For what was thrown where nobody awaited it: shows it, and answers the exit status. */
export async function reportStray(
  error: unknown,
  outside: Pick<Outside, 'stdout' | 'stderr' | 'env'>,
): Promise<number> {
  const { showBug } = await import('./show-error.ts');
  return exitStatus(showBug(error, printTo(outside, 'auto', outside.env)));
}

async function runToEnding(outside: Outside): Promise<Ending> {
  let print = printTo(outside, 'auto', outside.env);
  try {
    const invocation = readArguments(outside.args);
    if (invocation.type === 'help') {
      outside.stdout.write(invocation.text);
      return 'done';
    }
    print = printTo(outside, invocation.options.color, outside.env);
    return await runCommand(invocation, { outside, options: invocation.options, print });
  } catch (error) {
    if (error instanceof Interruption) return error.by;
    const { showError } = await import('./show-error.ts');
    return showError(error, print);
  }
}

/** Each command brings its own code, so that none waits for what it does not need. */
async function runCommand({ command }: Extract<Invocation, { type: 'run' }>, session: Session): Promise<Ending> {
  if (command.name !== 'version') refuseUncheckedCertificates(session.outside.env);
  const ending = await dispatch(command, session);
  const { signal } = session.outside;
  return signal.reason instanceof Interruption && command.name !== 'daemon' ? signal.reason.by : ending;
}

async function dispatch(command: Command, session: Session): Promise<Ending> {
  switch (command.name) {
    case 'check':
      return (await import('./commands/check.ts')).check(command.pairs, session);
    case 'discover':
      return (await import('./commands/discover.ts')).discover(command.pairs, session);
    case 'sync':
      return (await import('./commands/sync.ts')).sync(command, session);
    case 'daemon':
      return (await import('./commands/daemon.ts')).daemon(command, session);
    case 'status':
      return (await import('./commands/status.ts')).status(command.pairs, session);
    case 'resolve-conflicts':
      return (await import('./commands/resolve-conflicts.ts')).resolveConflicts(command, session);
    case 'history':
      return (await import('./commands/history.ts')).history(command, session);
    case 'restore':
      return (await import('./commands/restore.ts')).restore(command, session);
    case 'forget':
      return (await import('./commands/forget.ts')).forget(command, session);
    case 'repair':
      return (await import('./commands/repair.ts')).repair(command, session);
    case 'list':
      return (await import('./commands/list.ts')).list(command.what, session);
    case 'completion':
      return (await import('./commands/completion.ts')).completion(command.shell, session);
    case 'version':
      return (await import('./commands/version.ts')).version(session);
    default:
      return unreachable(command);
  }
}

/** With it Node takes any server for the right one (S12). Our own connections do not heed it; what else would? */
function refuseUncheckedCertificates({ NODE_TLS_REJECT_UNAUTHORIZED: checked }: Outside['env']): void {
  if (checked !== '0') return;
  throw new UsageError('NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the check of certificates', {
    hint: 'unset it; for a certificate of your own authority, set NODE_EXTRA_CA_CERTS to a PEM file with it',
  });
}
