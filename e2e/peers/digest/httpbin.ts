import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's own Python: python3-httpbin is a package for no other. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = path.join(import.meta.dirname, 'httpbin_digest.py');

export interface HttpbinRequest {
  /** Whether it had an Authorization header. */
  readonly asked: boolean;
  readonly proven: boolean;
  readonly bytes: number;
}

export interface Httpbin {
  readonly port: number;
  /** What came so far, in order. */
  readonly requests: readonly HttpbinRequest[];
  stop(): Promise<void>;
}

/** One line why httpbin cannot run here; undefined where it can. */
export function missingHttpbin(): string | undefined {
  const probe = 'from httpbin.helpers import check_digest_auth; import flask, werkzeug';
  try {
    execFileSync(PYTHON, ['-c', probe], { stdio: 'ignore', timeout: 20_000 });
    return undefined;
  } catch {
    return 'httpbin is missing (apt-get install python3-httpbin)';
  }
}

/** Starts httpbin's check of Digest, in front of an echo, on loopback. */
export async function startHttpbin(password: string): Promise<Httpbin> {
  const child = spawn(PYTHON, ['-B', SCRIPT, password]);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const requests: HttpbinRequest[] = [];
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`httpbin ended: ${complaint}`)));
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as HttpbinRequest | { readonly port: number };
      if ('port' in said) resolve(said.port);
      else requests.push(said);
    });
  });
  return {
    port,
    requests,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
