import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface ProxyPeer {
  readonly port: number;
  /** What it wrote of its requests so far, a line each: method, target, status, user. Empty for tinyproxy. */
  log(): readonly string[];
  stop(): Promise<void>;
}

export interface ProxyUser {
  readonly username: string;
  readonly password: string;
}

const SQUID = '/usr/sbin/squid';
const HELPERS = '/usr/lib/squid';
const TINYPROXY = '/usr/bin/tinyproxy';
const REALM = 'proxy';
const START_LIMIT_MS = 20_000;

/** One line why they cannot run here; undefined where they can. */
export const missingProxies = (): string | undefined =>
  existsSync(SQUID) && existsSync(`${HELPERS}/digest_file_auth`) && existsSync(TINYPROXY)
    ? undefined
    : 'they are Debian’s squid and tinyproxy (apt-get install squid tinyproxy)';

/** How accounts are proven: `negotiate` by the helper of these tests, `kerberos` by Debian's own helper for Negotiate. */
export type SquidScheme = 'basic' | 'digest' | 'negotiate' | 'kerberos';

/**
 * @param scheme without one it asks nobody
 * @param realm whose tickets it takes
 */
export async function startSquid(
  scheme?: SquidScheme,
  user?: ProxyUser,
  realm?: Readonly<Record<'KRB5_CONFIG' | 'KRB5_KTNAME', string>>,
): Promise<ProxyPeer> {
  const folder = newFolder();
  const port = await freePort();
  const log = join(folder, 'access.log');
  const users = join(folder, 'users');
  if (user) {
    const { username, password } = user;
    const secret =
      scheme === 'digest'
        ? `${REALM}:${createHash('md5').update(`${username}:${REALM}:${password}`).digest('hex')}`
        : execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password }).toString().trim();
    writeFileSync(
      users,
      scheme === 'negotiate' ? `LAB:${username}:${password}\n` : `${username}:${secret}\n`,
      { mode: 0o644 },
    );
  }
  const keys = realm && seenBy(folder, realm);
  copyFileSync(join(import.meta.dirname, 'proxy-helper/negotiate.py'), join(folder, 'negotiate.py'));
  const program = {
    basic: `${HELPERS}/basic_ncsa_auth ${users}`,
    digest: `${HELPERS}/digest_file_auth -c ${users}`,
    negotiate: `/usr/bin/python3 -B ${join(folder, 'negotiate.py')}`,
    kerberos: `${HELPERS}/negotiate_kerberos_auth -s GSS_C_NO_NAME`,
  };
  const parameter = scheme === 'kerberos' ? 'negotiate' : scheme;
  const lines = [
    `http_port 127.0.0.1:${port}`,
    'pid_filename none',
    'visible_hostname proxy.invalid',
    'pinger_enable off',
    'cache deny all',
    'cache_mem 8 MB',
    'max_filedescriptors 256',
    'shutdown_lifetime 1 seconds',
    `coredump_dir ${folder}`,
    `cache_log ${join(folder, 'cache.log')}`,
    'logformat plain %rm %ru %>Hs %un',
    `access_log stdio:${log} plain`,
    'buffered_logs off',
    ...(scheme
      ? [
          `auth_param ${parameter} program ${program[scheme]}`,
          `auth_param ${parameter} children 2 startup=1`,
          ...(parameter === 'negotiate' ? [] : [`auth_param ${parameter} realm ${REALM}`]),
          'acl known proxy_auth REQUIRED',
          'http_access allow known',
          'http_access deny all',
        ]
      : ['http_access allow all']),
  ];
  const file = join(folder, 'squid.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const read = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(isRequest) : []);
  return start(SQUID, ['-N', '-f', file], {
    folder,
    port,
    log: read,
    env: { NTLM_USER_FILE: users, ...keys },
  });
}

export async function startTinyproxy(user?: ProxyUser): Promise<ProxyPeer> {
  const folder = newFolder();
  const port = await freePort();
  const file = join(folder, 'tinyproxy.conf');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'MaxClients 20',
    'Allow 127.0.0.1',
    `LogFile "${join(folder, 'log')}"`,
    ...(user ? [`BasicAuth ${user.username} ${user.password}`] : []),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return start(TINYPROXY, ['-d', '-c', file], { folder, port, log: () => [] });
}

/** Squid also logs connections that nothing was asked on. */
const isRequest = (line: string) => line !== '' && !line.startsWith('- error:');

/** Squid gives up root for an account of its own, which must be able to read and write there. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  chmodSync(folder, 0o777);
  return folder;
}

/** The realm's configuration and keys where squid's own account reads them. A keytab that is not there stays so. */
function seenBy(folder: string, realm: Readonly<Record<'KRB5_CONFIG' | 'KRB5_KTNAME', string>>) {
  const copied = Object.entries(realm).map(([name, from]) => {
    const [file, to] = [from.replace(/^FILE:/, ''), join(folder, name)];
    if (existsSync(file)) {
      copyFileSync(file, to);
      chmodSync(to, 0o644);
    }
    return [name, from.startsWith('FILE:') ? `FILE:${to}` : to];
  });
  return { ...(Object.fromEntries(copied) as Record<string, string>), KRB5RCACHENAME: 'none:' };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is always of this form
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Started {
  readonly folder: string;
  readonly port: number;
  readonly log: () => string[];
  /** For its helpers. */
  readonly env?: Readonly<Record<string, string>>;
}

async function start(
  command: string,
  args: readonly string[],
  { folder, port, log, env }: Started,
): Promise<ProxyPeer> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  let isGone = false;
  const gone = new Promise<void>((resolve) => child.once('close', () => ((isGone = true), resolve())));
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const stop = async () => {
    child.kill('SIGKILL');
    await gone;
    process.removeListener('exit', end);
    rmSync(folder, { recursive: true, force: true });
  };
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await listens(port))) {
    if (isGone || Date.now() > limit) {
      await stop();
      throw new Error(`${command} did not start: ${said}`);
    }
    await pause(50);
  }
  return { port, log, stop };
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
