import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Issued {
  readonly name: string;
  /** By default the lab's own. */
  readonly authority?: string;
  /** Lines of an OpenSSL extension section. */
  readonly extensions?: readonly string[];
  readonly isAuthority?: boolean;
  /** `rsa:2048`, by default `ec`. */
  readonly key?: string;
}

const MAX_LIST_BYTES = 16 * 1024 * 1024;

const CONFIGURATION = (folder: string, name: string) => `
[ca]
default_ca = own
[own]
dir = ${folder}
database = ${folder}/${name}.index
new_certs_dir = ${folder}/issued
serial = ${folder}/${name}.serial
crlnumber = ${folder}/${name}.crlnumber
certificate = ${folder}/${name}.crt
private_key = ${folder}/${name}.key
default_md = sha256
default_days = 10
default_crl_days = 2
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
`;

/** Authorities as `openssl ca` keeps them: they issue, withdraw, list and answer. */
export class RevocationLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'revocation-'));
  readonly #children: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.at('issued'));
    this.#keepBooks('authority');
    this.#newKey('authority', 'ec');
    this.run(
      ...['req', '-x509', '-new', '-key', this.at('authority.key'), '-days', '30', '-subj', '/CN=authority'],
      ...['-out', this.at('authority.crt')],
    );
  }

  at(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): Buffer {
    return readFileSync(this.at(file));
  }

  /** `name.crt` and `name.key`. */
  issue({ name, authority = 'authority', extensions = [], isAuthority = false, key = 'ec' }: Issued): void {
    this.#newKey(name, key);
    if (isAuthority) this.#keepBooks(name);
    const lines = isAuthority
      ? ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign,cRLSign', ...extensions]
      : ['basicConstraints=CA:FALSE', ...extensions];
    writeFileSync(this.at(`${name}.ext`), `${lines.join('\n')}\n`);
    this.run(
      ...['req', '-new', '-key', this.at(`${name}.key`), '-subj', `/CN=${name}`],
      ...['-out', this.at(`${name}.csr`)],
    );
    this.run(
      ...[...this.#ca(authority), '-batch', '-notext', '-in', this.at(`${name}.csr`)],
      ...['-out', this.at(`${name}.crt`), '-extfile', this.at(`${name}.ext`)],
    );
  }

  revoke(name: string, authority = 'authority', reason = 'keyCompromise'): void {
    this.run(...this.#ca(authority), '-revoke', this.at(`${name}.crt`), '-crl_reason', reason);
  }

  /** So many certificates that nobody has were withdrawn, too. */
  bookRevoked(authority: string, count: number): void {
    const line = (_: unknown, i: number) =>
      `R\t361231235959Z\t261101000000Z,superseded\t${(0x10_0000 + i).toString(16).toUpperCase()}\tunknown\t/CN=gone${i}\n`;
    appendFileSync(this.at(`${authority}.index`), Array.from({ length: count }, line).join(''));
  }

  /** The list as it stands now, DER. @param extensions lines of a section of CRL extensions */
  list(authority = 'authority', how: readonly string[] = [], extensions: readonly string[] = []): Buffer {
    const configuration = this.at(`${authority}-list.cnf`);
    writeFileSync(
      configuration,
      `${CONFIGURATION(this.folder, authority)}\n[list]\n${extensions.join('\n')}\n`,
    );
    const named = extensions.length > 0 ? ['-crlexts', 'list'] : [];
    this.run(...['ca', '-config', configuration, '-gencrl', ...named, ...how, '-out', this.at('list.pem')]);
    return this.run('crl', '-in', this.at('list.pem'), '-outform', 'DER');
  }

  /** What `openssl ocsp` says of one certificate, without a network. */
  ocsp(name: string, { signer = 'authority', how = ['-ndays', '1'] } = {}): Buffer {
    const file = this.at('answer.der');
    this.run(
      ...['ocsp', '-index', this.at('authority.index'), '-CA', this.at('authority.crt')],
      ...['-rsigner', this.at(`${signer}.crt`), '-rkey', this.at(`${signer}.key`)],
      ...['-issuer', this.at('authority.crt'), '-cert', this.at(`${name}.crt`)],
      ...['-respout', file, '-noverify', ...how],
    );
    return readFileSync(file);
  }

  /**
   * `openssl ocsp` as a responder.
   *
   * @param port one that freePort gave
   * @param books whose certificates it knows
   */
  async startResponder(port: number, signer = 'authority', books = 'authority'): Promise<void> {
    await this.#start(
      ...[
        'ocsp',
        '-port',
        String(port),
        '-index',
        this.at(`${books}.index`),
        '-CA',
        this.at('authority.crt'),
      ],
      ...['-rsigner', this.at(`${signer}.crt`), '-rkey', this.at(`${signer}.key`), '-ndays', '1'],
    );
  }

  /** `openssl s_server` that answers over HTTP. @param staple a file with the response that it brings along */
  async startServer(name: string, staple?: string, ...how: readonly string[]): Promise<number> {
    const port = await freePort();
    await this.#start(
      ...[
        's_server',
        '-accept',
        String(port),
        '-www',
        '-cert',
        this.at(`${name}.crt`),
        '-key',
        this.at(`${name}.key`),
      ],
      ...(staple === undefined ? [] : ['-status_file', this.at(staple)]),
      ...how,
    );
    return port;
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill();
        await once(child, 'exit');
      }),
    );
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  run(...args: readonly string[]): Buffer {
    return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: MAX_LIST_BYTES });
  }

  #ca(authority: string): readonly string[] {
    return ['ca', '-config', this.at(`${authority}.cnf`)];
  }

  #keepBooks(name: string): void {
    writeFileSync(this.at(`${name}.index`), '');
    writeFileSync(this.at(`${name}.serial`), '1000\n');
    writeFileSync(this.at(`${name}.crlnumber`), '01\n');
    writeFileSync(this.at(`${name}.cnf`), CONFIGURATION(this.folder, name));
  }

  #newKey(name: string, key: string): void {
    const how =
      key === 'ec'
        ? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
        : ['-algorithm', key.split(':')[0] ?? '', '-pkeyopt', `rsa_keygen_bits:${key.split(':')[1]}`];
    this.run('genpkey', ...how, '-out', this.at(`${name}.key`));
  }

  /** Waits until it says that it takes connections; to try it would keep `openssl ocsp` from others. */
  async #start(...args: readonly string[]): Promise<void> {
    const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.push(child);
    await new Promise<void>((resolve, reject) => {
      const hear = (piece: Buffer) => /ACCEPT|waiting for/.test(piece.toString()) && resolve();
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error(`openssl ${args[0]} ended at once.`)));
    });
  }
}

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
