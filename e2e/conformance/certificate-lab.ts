import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there is no OpenSSL to make certificates with; undefined where there is. */
export function missingOpenssl(): string | undefined {
  try {
    const version = execFileSync('openssl', ['version'], { encoding: 'utf8' });
    return version.startsWith('OpenSSL 3') ? undefined : `openssl is ${version.trim()}, and 3 is needed`;
  } catch {
    return 'openssl is not installed';
  }
}

interface Issued {
  readonly name: string;
  /** By default of the lab's own authority. */
  readonly authority?: string;
  readonly extensions?: string;
  /** How long it holds; 0 is over at once. */
  readonly days?: number;
}

export const PASSPHRASE = 'grün und blau';

/** Authorities, certificates and PFX files made by OpenSSL in a folder of their own. */
export class CertificateLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));

  constructor() {
    for (const name of ['authority', 'stranger']) {
      this.#run(
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`],
        ...['-keyout', this.at(`${name}.key`), '-out', this.at(`${name}.crt`)],
      );
    }
    this.issue({
      name: 'localhost',
      extensions: 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth',
    });
  }

  at(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): Buffer {
    return readFileSync(this.at(file));
  }

  /** `name.crt` and `name.key`. */
  issue({
    name,
    authority = 'authority',
    extensions = 'extendedKeyUsage=clientAuth',
    days = 10,
  }: Issued): void {
    const [key, request, issued] = ['key', 'csr', 'crt'].map((ending) => this.at(`${name}.${ending}`));
    writeFileSync(this.at(`${name}.ext`), `${extensions}\nbasicConstraints=CA:FALSE\n`);
    this.#run(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      key!,
      '-out',
      request!,
    );
    this.#run(
      ...['x509', '-req', '-in', request!, '-days', String(days), '-CAcreateserial', '-out', issued!],
      ...['-CA', this.at(`${authority}.crt`), '-CAkey', this.at(`${authority}.key`)],
      ...['-extfile', this.at(`${name}.ext`)],
    );
  }

  /** A PFX file of a certificate and its key with its authority in it. @param how further options of `openssl pkcs12` */
  pfx(name: string, ...how: readonly string[]): Buffer {
    const file = this.at(`${name}.pfx`);
    const whole = ['-in', this.at(`${name}.crt`), '-certfile', this.at('authority.crt')];
    const key = how.includes('-nokeys') ? [] : ['-inkey', this.at(`${name}.key`)];
    this.#run('pkcs12', '-export', ...whole, ...key, '-passout', `pass:${PASSPHRASE}`, '-out', file, ...how);
    return readFileSync(file);
  }

  /** A key of PEM, encrypted. @param how further options of `openssl pkcs8` */
  lockedKey(name: string, ...how: readonly string[]): Buffer {
    return this.#run(
      ...['pkcs8', '-topk8', '-in', this.at(`${name}.key`), '-passout', `pass:${PASSPHRASE}`],
      ...how,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #run(...args: readonly string[]): Buffer {
    return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  }
}
