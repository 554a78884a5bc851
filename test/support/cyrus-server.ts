import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALICE, BOB, freePort, type RealServer, supervise } from './real-servers.ts';

/** Where Debian puts what the master process starts. */
const PROGRAMS = '/usr/lib/cyrus/bin';
const ADMIN = { username: 'cyrus', password: 'cyrus-secret' };

/** Why it cannot be started here; undefined: it can. It drops to a user of its own, so root has to start it. */
export function lackOfCyrus(): string | undefined {
  if (!existsSync(join(PROGRAMS, 'httpd'))) return 'cyrus-caldav is not installed';
  if (!existsSync('/usr/sbin/saslpasswd2')) return 'sasl2-bin is not installed';
  return process.getuid?.() === 0 ? undefined : 'only root can start Cyrus';
}

/** Cyrus IMAP with CalDAV and CardDAV on loopback, with all that it keeps in a folder of its own. */
export async function startCyrus(): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pimsync-cyrus-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  for (const name of ['conf/db', 'conf/socket', 'conf/proc', 'spool', 'proc', 'lock', 'sock']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, 'imapd.conf'), imapdConf(folder));
  await writeFile(join(folder, 'cyrus.conf'), cyrusConf(folder, port));
  for (const { username, password } of [ALICE, BOB, ADMIN]) {
    const args = ['-p', '-c', '-f', join(folder, 'sasldb2'), '-u', '127.0.0.1', username];
    execFileSync('saslpasswd2', args, { input: password });
  }
  execFileSync('chown', ['-R', 'cyrus:mail', folder]);
  const files = ['-C', join(folder, 'imapd.conf'), '-M', join(folder, 'cyrus.conf'), '-p', join(folder, 'master.pid')];
  const child = spawn(join(PROGRAMS, 'master'), [...files, '-D'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = `http://127.0.0.1:${port}/`;
  const stop = await supervise({ name: 'cyrus', folder, url, child });
  try {
    await makeUsers(join(folder, 'sock/imap'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, ...ALICE, other: BOB, stop };
}

/** Whoever has no mailbox has no calendars. */
async function makeUsers(path: string): Promise<void> {
  const socket = connect(path);
  socket.setEncoding('utf8');
  await once(socket, 'data');
  const commands = [
    `LOGIN ${ADMIN.username} ${ADMIN.password}`,
    ...[ALICE, BOB].map(({ username }) => `CREATE user/${username}`),
  ];
  for (const [index, command] of commands.entries()) {
    socket.write(`a${index} ${command}\r\n`);
    const answer = await answerTo(`a${index}`, socket);
    if (!answer.includes(`a${index} OK`)) throw new Error(`${command.split(' ')[0]}: ${answer}`);
  }
  socket.destroy();
}

async function answerTo(tag: string, socket: NodeJS.ReadableStream): Promise<string> {
  let answer = '';
  while (!new RegExp(`^${tag} .*\r\n`, 'm').test(answer)) answer += String((await once(socket, 'data'))[0]);
  return answer;
}

const imapdConf = (folder: string): string =>
  [
    ...[`configdirectory: ${folder}/conf`, `proc_path: ${folder}/proc`, `mboxname_lockpath: ${folder}/lock`],
    ...['defaultpartition: default', `partition-default: ${folder}/spool`, 'hashimapspool: yes', 'umask: 077'],
    ...['altnamespace: yes', 'unixhierarchysep: yes', 'virtdomains: off', 'servername: 127.0.0.1'],
    ...[`admins: ${ADMIN.username}`, 'autocreate_quota: 0', 'duplicatesuppression: no', 'delete_mode: immediate'],
    ...[`idlesocket: ${folder}/sock/idle`, `notifysocket: ${folder}/sock/notify`, `lmtpsocket: ${folder}/sock/lmtp`],
    ...['httpmodules: caldav carddav', 'httpallowcompress: yes', 'caldav_allowscheduling: off'],
    ...['caldav_create_default: no', 'caldav_create_sched: no', 'caldav_create_attach: no', 'caldav_allowattach: no'],
    ...['allowplaintext: yes', 'sasl_mech_list: PLAIN', 'sasl_pwcheck_method: auxprop'],
    ...['sasl_auxprop_plugin: sasldb', `sasl_sasldb_path: ${folder}/sasldb2`, 'syslog_prefix: pimsync-test', ''],
  ].join('\n');

function cyrusConf(folder: string, port: number): string {
  const conf = `-C ${folder}/imapd.conf`;
  const http = `cmd="${PROGRAMS}/httpd ${conf}" listen="127.0.0.1:${port}" proto="tcp4" prefork=1 maxchild=20`;
  return [
    `START {\n  recover cmd="${PROGRAMS}/ctl_cyrusdb ${conf} -r"\n}`,
    `SERVICES {\n  http ${http}\n  imap cmd="${PROGRAMS}/imapd ${conf}" listen="${folder}/sock/imap" prefork=0\n}`,
    'EVENTS { }\nDAEMON { }\n',
  ].join('\n');
}
