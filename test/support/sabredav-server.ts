import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ALICE, BOB, freePort, type RealServer, supervise } from './real-servers.ts';

const MODULES = '/usr/lib/apache2/modules';

/** Why it cannot be started here; undefined: it can. Apache drops to a user of its own, so root has to start it. */
export function lackOfSabreDav(): string | undefined {
  if (!existsSync('/usr/share/php/Sabre/autoload.php')) return 'php-sabre-dav is not installed';
  if (phpModule() === undefined) return 'libapache2-mod-php is not installed';
  return process.getuid?.() === 0 ? undefined : 'only root can start Apache for SabreDAV';
}

const phpModule = (): string | undefined =>
  existsSync(MODULES) ? readdirSync(MODULES).find((name) => /^libphp[\d.]*\.so$/.test(name)) : undefined;

/** SabreDAV 1.8 behind an Apache of its own: old, without sync-collection, and what many hosted servers descend from. */
export async function startSabreDav(): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pimsync-sabredav-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  for (const name of ['htdocs', 'data', 'tmp']) await mkdir(join(folder, name));
  const path = join(folder, 'data/db.sqlite');
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.exec(TABLES);
  for (const user of [ALICE, BOB]) addUser(database, user);
  execFileSync('chown', ['-R', 'www-data:www-data', join(folder, 'data'), join(folder, 'tmp')]);
  await writeFile(join(folder, 'htdocs/server.php'), SERVER);
  await writeFile(join(folder, 'httpd.conf'), httpdConf(folder, port));
  const child = spawn('/usr/sbin/apache2', ['-f', join(folder, 'httpd.conf'), '-DFOREGROUND'], {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', SABRE_DATABASE: path },
    stdio: ['ignore', 'ignore', 'pipe'],
    // When it ends, Apache ends its whole process group.
    detached: true,
  });
  const url = `http://127.0.0.1:${port}/`;
  const stop = await supervise({ name: 'sabredav', folder, url, child, ownsGroup: true });
  return {
    url,
    ...ALICE,
    other: BOB,
    makeAddressBook(id) {
      const insert = 'INSERT INTO addressbooks (principaluri, uri, ctag) VALUES (?, ?, 1)';
      database.prepare(insert).run(`principals/${ALICE.username}`, id);
    },
    async stop() {
      database.close();
      await stop();
    },
  };
}

function addUser(database: Database.Database, { username, password }: typeof ALICE): void {
  const digest = createHash('md5').update(`${username}:SabreDAV:${password}`).digest('hex');
  database.prepare('INSERT INTO users (username, digesta1) VALUES (?, ?)').run(username, digest);
  for (const end of ['', '/calendar-proxy-read', '/calendar-proxy-write']) {
    database.prepare('INSERT INTO principals (uri) VALUES (?)').run(`principals/${username}${end}`);
  }
}

const TABLES = `
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE, digesta1 text);
CREATE TABLE principals (id integer PRIMARY KEY, uri text UNIQUE, email text, displayname text, vcardurl text);
CREATE TABLE groupmembers (id integer PRIMARY KEY, principal_id integer, member_id integer);
CREATE TABLE calendars (id integer PRIMARY KEY, principaluri text, displayname text, uri text, ctag integer,
  description text, calendarorder integer, calendarcolor text, timezone text, components text, transparent integer);
CREATE TABLE calendarobjects (id integer PRIMARY KEY, calendardata blob, uri text, calendarid integer,
  lastmodified integer, etag text, size integer, componenttype text, firstoccurence integer, lastoccurence integer);
CREATE TABLE addressbooks (id integer PRIMARY KEY, principaluri text, displayname text, uri text, description text,
  ctag integer);
CREATE TABLE cards (id integer PRIMARY KEY, addressbookid integer, carddata blob, uri text, lastmodified integer);
`;

const SERVER = `<?php
error_reporting(0);
require 'Sabre/autoload.php';
$pdo = new PDO('sqlite:' . getenv('SABRE_DATABASE'));
$pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
class Users extends Sabre\\DAV\\Auth\\Backend\\AbstractBasic {
    public $pdo;
    protected function validateUserPass($user, $password) {
        $found = $this->pdo->prepare('SELECT digesta1 FROM users WHERE username = ?');
        $found->execute([$user]);
        return $found->fetchColumn() === md5("$user:SabreDAV:$password");
    }
}
$users = new Users();
$users->pdo = $pdo;
$principals = new Sabre\\DAVACL\\PrincipalBackend\\PDO($pdo);
$calendars = new Sabre\\CalDAV\\Backend\\PDO($pdo);
$server = new Sabre\\DAV\\Server([
    new Sabre\\CalDAV\\Principal\\Collection($principals),
    new Sabre\\CalDAV\\CalendarRootNode($principals, $calendars),
    new Sabre\\CardDAV\\AddressBookRoot($principals, new Sabre\\CardDAV\\Backend\\PDO($pdo)),
]);
$server->setBaseUri('/');
foreach ([new Sabre\\DAV\\Auth\\Plugin($users, 'SabreDAV'), new Sabre\\CalDAV\\Plugin(), new Sabre\\CardDAV\\Plugin(),
    new Sabre\\DAVACL\\Plugin()] as $plugin) $server->addPlugin($plugin);
$server->exec();
`;

const httpdConf = (folder: string, port: number): string =>
  [
    ...[`ServerRoot "${folder}"`, `PidFile "${folder}/httpd.pid"`, `ErrorLog "${folder}/error.log"`],
    ...[`DefaultRuntimeDir "${folder}"`, `Mutex file:${folder}/tmp default`, 'TypesConfig /dev/null'],
    ...['ServerName 127.0.0.1', `Listen 127.0.0.1:${port}`, 'User www-data', 'Group www-data'],
    ...['mpm_prefork', 'authn_core', 'authz_core', 'mime', 'rewrite', 'env'].map(
      (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
    ),
    ...[`LoadModule php_module ${MODULES}/${phpModule()}`, 'StartServers 4', 'MaxRequestWorkers 24'],
    ...['KeepAlive On', 'AllowEncodedSlashes On', 'PassEnv SABRE_DATABASE', `DocumentRoot ${folder}/htdocs`],
    ...[`<Directory ${folder}/htdocs>`, '  Require all granted', '</Directory>'],
    ...['<FilesMatch \\.php$>', '  SetHandler application/x-httpd-php', '</FilesMatch>'],
    ...['RewriteEngine On', 'RewriteRule ^/\\.well-known/(caldav|carddav)$ / [R=301,L]'],
    ...['RewriteRule ^/ /server.php [L]', ''],
  ].join('\n');
