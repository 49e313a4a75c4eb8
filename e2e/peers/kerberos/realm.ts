import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const SBIN = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
const PROGRAMS = ['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit'];

/** One line why no realm can be had here; undefined where one can. */
export function missingRealm(): string | undefined {
  const found = (name: string) => SBIN.split(':').some((folder) => existsSync(path.join(folder, name)));
  return PROGRAMS.every(found)
    ? undefined
    : 'a KDC needs krb5-kdc, krb5-admin-server and krb5-user (apt-get install krb5-kdc krb5-admin-server krb5-user)';
}

/** Debian's libfaketime; its wrapper is not used, since what it starts outlives it. */
const fakeTime = (): string | undefined =>
  readdirSync('/usr/lib')
    .map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`)
    .find((file) => existsSync(file));

/** One line why no other clock can be shown to a program here; undefined where one can. */
export const missingFakeTime = (): string | undefined =>
  fakeTime() ? undefined : 'another clock needs libfaketime (apt-get install libfaketime)';

/** A command that shows another clock (`+1h`) to what follows it. */
export const withClock = (offset: string | undefined): readonly string[] =>
  offset === undefined ? [] : ['env', `LD_PRELOAD=${fakeTime()}`, `FAKETIME=${offset}`];

/** Ends what it runs when its stdin closes. */
const UNTIL_STDIN_CLOSES = ['sh', '-c', '"$@" & read -r _; kill $!; wait $!', 'kdc'];

/** A realm of MIT's KDC on loopback, in a folder of its own. Nothing in /etc is touched. */
export interface Realm {
  readonly folder: string;
  /** What a client or acceptor sees it by. */
  readonly env: Readonly<Record<'KRB5_CONFIG' | 'KRB5_KTNAME' | 'KRB5CCNAME', string>>;
  /** What the KDC wrote down of each request so far. */
  readonly log: () => string;
  /** Starts the KDC, with another clock if one is given; waits until it listens. */
  start(offset?: string): Promise<void>;
  /** The KDC is gone afterwards; the tickets stay. */
  halt(): Promise<void>;
  /** More for kadmin.local, and what of it goes into the keytab. */
  admin(commands: readonly string[], services: readonly string[]): void;
  /** Puts a ticket into the cache that `env` names, as by another clock if one is given. */
  kinit(user: string, password: string, offset?: string): void;
  /** Another krb5.conf for the same realm; named `krb5.conf` it is the KDC's, too, from its next start on. */
  configuration(name: string, change: (text: string) => string): string;
  stop(): Promise<void>;
}

/** Who is there. */
export interface RealmContent {
  /** `LAB.TEST` unless given. */
  readonly name?: string;
  /** For kadmin.local. */
  readonly commands: readonly string[];
  /** `HTTP/localhost`: with random keys, which go into the keytab. */
  readonly services: readonly string[];
}

/** Makes a realm whose KDC is not started yet. */
export async function makeRealm({ name = 'LAB.TEST', commands, services }: RealmContent): Promise<Realm> {
  const folder = mkdtempSync(path.join(tmpdir(), 'realm-'));
  const at = (file: string) => path.join(folder, file);
  const port = await freePort();
  writeFileSync(at('krb5.conf'), clientConfiguration(name, port));
  writeFileSync(at('kdc.conf'), kdcConfiguration(name, port, at));
  const env = {
    KRB5_CONFIG: at('krb5.conf'),
    KRB5_KTNAME: `FILE:${at('service.keytab')}`,
    KRB5CCNAME: `FILE:${at('cache')}`,
  };
  const surroundings = { ...process.env, ...env, PATH: SBIN, KRB5_KDC_PROFILE: at('kdc.conf') };
  const run = (command: string, args: readonly string[], input = '') =>
    execFileSync(command, args, { env: surroundings, input, stdio: ['pipe', 'ignore', 'ignore'] });
  run('kdb5_util', ['create', '-s', '-r', name, '-P', 'master-key']);
  const admin = (asked: readonly string[], keys: readonly string[]) => {
    const kept = keys.map((key) => `ktadd -k ${at('service.keytab')} ${key}`);
    run('kadmin.local', ['-r', name], [...asked, ...kept, 'quit', ''].join('\n'));
  };
  admin([...commands, ...services.map((service) => `addprinc -randkey ${service}`)], services);
  let kdc: ChildProcess | undefined;
  const halt = async () => {
    if (!kdc || kdc.exitCode !== null) return;
    const gone = new Promise((resolve) => kdc?.once('close', resolve));
    kdc.stdin?.end();
    await gone;
  };
  return {
    folder,
    env,
    log: () => (existsSync(at('kdc.log')) ? readFileSync(at('kdc.log'), 'utf8') : ''),
    start: async (offset) => {
      const [command = '', ...args] = UNTIL_STDIN_CLOSES;
      kdc = spawn(command, [...args, ...withClock(offset), 'krb5kdc', '-r', name, '-n'], {
        env: surroundings,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      await listens(kdc, port);
    },
    halt,
    admin,
    kinit: (user, password, offset) => {
      const [command = '', ...args] = [...withClock(offset), 'kinit', user];
      run(command, args, `${password}\n`);
    },
    configuration: (file, change) => {
      writeFileSync(at(file), change(readFileSync(at('krb5.conf'), 'utf8')));
      return at(file);
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const clientConfiguration = (realm: string, port: number) => `[libdefaults]
 default_realm = ${realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 ${realm} = {
  kdc = 127.0.0.1:${port}
 }
[domain_realm]
 localhost = ${realm}
 .lab.test = ${realm}
`;

const kdcConfiguration = (realm: string, port: number, at: (file: string) => string) => `[kdcdefaults]
 kdc_listen = 127.0.0.1:${port}
 kdc_tcp_listen = 127.0.0.1:${port}
[realms]
 ${realm} = {
  database_name = ${at('principal')}
  key_stash_file = ${at('stash')}
  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal aes256-cts-hmac-sha384-192:normal aes128-cts-hmac-sha256-128:normal
 }
[logging]
 kdc = FILE:${at('kdc.log')}
`;

/** It says nowhere that it listens, so it is tried; a KDC that cannot start ends. */
async function listens(kdc: ChildProcess, port: number): Promise<void> {
  while (kdc.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await setTimeout(20);
  }
  throw new Error(`The KDC ended with ${kdc.exitCode}.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
