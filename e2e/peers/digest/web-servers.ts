import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPeerProcess, untilStdinCloses } from '../process.ts';
import { freePort, listens } from '../port.ts';

const APACHE = '/usr/sbin/apache2';
const APACHE_MODULES = '/usr/lib/apache2/modules';
/** The path under which Apache itself gives every body back. */
export const APACHE_ECHO = '/echo';
const LIGHTTPD = '/usr/sbin/lighttpd';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface Seen {
  readonly status: number;
  readonly authorization: string;
  /** What it said of itself, as Apache tells it. */
  readonly info: string;
}

/** A web server that asks for Digest and hands what is proven on to `backend`. */
export interface WebServer {
  readonly port: number;
  /** Stops it and tells of each request its status and Authorization header. May be called twice. */
  stop(): Promise<readonly Seen[]>;
}

export interface WebServerOptions {
  readonly account: Account;
  readonly realm: string;
  /** The port of what answers. */
  readonly backend: number;
  /** Whom Apache says to the backend that it is. */
  readonly backendAuthorization?: string;
  /** lighttpd's words: `SHA-256`, `MD5|SHA-256`. Apache has MD5 only. */
  readonly algorithm?: string;
  /** Seconds that a nonce of Apache's lives; 0 is for one request. */
  readonly nonceLifetime?: number;
  /** Whether lighttpd takes the name's hash. */
  readonly userhash?: boolean;
}

/** One line why Apache cannot run here; undefined where it can. */
export const missingApache = (): string | undefined =>
  existsSync(APACHE) && existsSync(`${APACHE_MODULES}/mod_auth_digest.so`)
    ? undefined
    : 'Apache is missing (apt-get install apache2-bin)';

export const missingLighttpd = (): string | undefined =>
  existsSync(LIGHTTPD) ? undefined : 'lighttpd is missing (apt-get install lighttpd)';

/** Apache httpd's mod_auth_digest: MD5, qop=auth, `rspauth`; it names no charset, so ours is Latin-1. */
export function startApache(options: WebServerOptions): Promise<WebServer> {
  const modules =
    'mpm_prefork authn_core authn_file authz_core authz_user auth_digest headers alias cgi proxy proxy_http';
  return start(options, { algorithm: 'md5', charset: 'latin1' }, (folder, port) => {
    const lines = [
      ...modules.split(' ').map((name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`),
      `ServerName 127.0.0.1\nListen 127.0.0.1:${port}\nUser nobody\nGroup nogroup`,
      `ServerRoot ${folder}\nDefaultRuntimeDir ${folder}\nPidFile ${folder}/pid\nErrorLog ${folder}/error`,
      `LogFormat "%>s %{Authorization}i|%{Authentication-Info}o" seen\nCustomLog ${folder}/access seen`,
      'KeepAlive On\nMaxKeepAliveRequests 0\nKeepAliveTimeout 60\nStartServers 1',
      `<Location />\nAuthType Digest\nAuthName "${options.realm}"\nAuthDigestProvider file`,
      `AuthUserFile ${folder}/users\nAuthDigestNonceLifetime ${options.nonceLifetime ?? 300}\nRequire valid-user\n</Location>`,
      ...(options.backendAuthorization
        ? [`RequestHeader set Authorization "${options.backendAuthorization}"`]
        : []),
      // A script of its own, since what a proxy brings back takes the place of Authentication-Info.
      `ScriptAlias ${APACHE_ECHO} ${folder}/echo\nProxyPass ${APACHE_ECHO} !`,
      `ProxyPass / http://127.0.0.1:${options.backend}/`,
    ];
    const echo = "#!/bin/sh\nprintf 'Content-Type: application/soap+xml;charset=UTF-8\\r\\n\\r\\n'\ncat\n";
    writeFileSync(`${folder}/echo`, echo, { mode: 0o755 });
    writeFileSync(`${folder}/conf`, `${lines.join('\n')}\n`);
    return [APACHE, '-DFOREGROUND', '-f', `${folder}/conf`];
  });
}

/** lighttpd's mod_auth: MD5 and SHA-256, with -sess and userhash; UTF-8. */
export function startLighttpd(options: WebServerOptions): Promise<WebServer> {
  const { algorithm = 'SHA-256', realm, backend, userhash = false } = options;
  const hash = algorithm.includes('SHA-256') ? 'sha256' : 'md5';
  return start(options, { algorithm: hash, charset: 'utf8' }, (folder, port) => {
    const require = `"method" => "digest", "algorithm" => "${algorithm}", "realm" => "${realm}", "require" => "valid-user"`;
    const lines = [
      'server.modules = ("mod_auth", "mod_authn_file", "mod_proxy", "mod_accesslog")',
      `server.bind = "127.0.0.1"\nserver.port = ${port}\nserver.document-root = "${folder}"`,
      `server.errorlog = "${folder}/error"\naccesslog.filename = "${folder}/access"\naccesslog.format = "%>s %{Authorization}i"`,
      `auth.backend = "htdigest"\nauth.backend.htdigest.userfile = "${folder}/users"`,
      `auth.require = ("/" => (${require}${userhash ? ', "userhash" => "enable"' : ''}))`,
      `proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${backend})))`,
    ];
    writeFileSync(`${folder}/conf`, `${lines.join('\n')}\n`);
    return [LIGHTTPD, '-D', '-f', `${folder}/conf`];
  });
}

async function start(
  { account, realm, userhash = false }: WebServerOptions,
  { algorithm, charset }: { algorithm: 'md5' | 'sha256'; charset: 'latin1' | 'utf8' },
  configure: (folder: string, port: number) => readonly string[],
): Promise<WebServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'web-server-'));
  chmodSync(folder, 0o755); // Apache reads it as nobody
  const hash = (...parts: readonly string[]) =>
    createHash(algorithm).update(parts.join(':'), charset).digest('hex');
  const { username, password } = account;
  // lighttpd looks a name up as it stands between its quotes, escapes and all.
  const key = charset === 'utf8' && !userhash ? username.replace(/["\\]/g, '\\$&') : username;
  const entry = [key, realm, hash(username, realm, password), ...(userhash ? [hash(username, realm)] : [])];
  writeFileSync(`${folder}/users`, `${entry.join(':')}\n`, charset);
  const port = await freePort();
  const command = configure(folder, port);
  const child = await startPeerProcess(...untilStdinCloses(command), { awaitReady: false });
  const log = (name: string) =>
    existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, 'latin1') : '';
  let seen: readonly Seen[] | undefined;
  const stop = async () => {
    await child.stop();
    seen ??= log('access').split('\n').flatMap(readSeen);
    rmSync(folder, { recursive: true, force: true });
    return seen;
  };
  if (!(await listens(port))) {
    const complaint = log('error');
    await stop();
    throw new Error(`${command[0]} did not start. ${complaint}`);
  }
  return { port, stop };
}

function readSeen(line: string): Seen[] {
  const [, status, authorization = '', info = ''] = /^(\d{3}) ([^|]*)\|?(.*)$/.exec(line) ?? [];
  return status === undefined ? [] : [{ status: Number(status), authorization, info }];
}
