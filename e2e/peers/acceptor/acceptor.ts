import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's own Python: python3-gssapi is a package for no other. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = path.join(import.meta.dirname, 'acceptor.py');

/** Line breaks and colons have a meaning in gss-ntlmssp's file of users, and are not in these. */
export interface Account {
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

export interface AcceptorEvent {
  readonly event:
    | 'token'
    | 'signed in'
    | 'refused'
    | 'plain'
    | 'opened'
    | 'not opened'
    | 'broken'
    | 'closed'
    | 'no TLS'
    | 'handed over';
  readonly account?: string;
  readonly mechanism?: string;
  readonly scheme?: string;
  /** Whether the client's own ticket came along. */
  readonly delegated?: boolean;
  readonly bytes?: number;
  /** Of the header that WinRM splits off a sealed message, in bytes. */
  readonly header?: number;
  /** Of a refusal. */
  readonly error?: string;
  readonly connection?: number;
  /** The account that CredSSP handed over, in its parts. */
  readonly handed?: readonly string[];
}

export interface Acceptor {
  readonly port: number;
  /** What happened so far, in order. */
  readonly events: readonly AcceptorEvent[];
  /** Afterwards `events` is complete. May be called twice. */
  stop(): Promise<void>;
}

/** One line why the acceptor cannot run here; undefined where it can. */
export function missingAcceptor(): string | undefined {
  const probe =
    'import gssapi; assert any(m.dotted_form == "1.3.6.1.4.1.311.2.2.10" for m in gssapi.raw.indicate_mechs())';
  try {
    execFileSync(PYTHON, ['-c', probe], { stdio: 'ignore', timeout: 20_000 });
    return undefined;
  } catch {
    return 'the NTLM acceptor needs python3-gssapi and gss-ntlmssp (apt-get install python3-gssapi gss-ntlmssp)';
  }
}

/** Starts the acceptor on loopback and waits until it listens. */
export const startAcceptor = (accounts: readonly Account[], ...args: readonly string[]): Promise<Acceptor> =>
  startAcceptorIn({ accounts, args });

export interface Surroundings {
  readonly accounts: readonly Account[];
  readonly args: readonly string[];
  /** E.g. the realm whose tickets it takes. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that shows it another world, e.g. another clock. */
  readonly under?: readonly string[];
  /** Instead of the acceptor for Negotiate and Kerberos. */
  readonly script?: string;
}

/** The same, in a realm or under another clock. */
export async function startAcceptorIn({
  accounts,
  args,
  env = {},
  under = [],
  script = SCRIPT,
}: Surroundings): Promise<Acceptor> {
  const folder = mkdtempSync(path.join(tmpdir(), 'acceptor-'));
  const users = path.join(folder, 'users');
  const lines = accounts.map(({ domain, username, password }) => `${domain}:${username}:${password}\n`);
  writeFileSync(users, lines.join(''), { mode: 0o600 });
  const [command = PYTHON, ...rest] = [...under, PYTHON, '-B', script, ...args];
  const child = spawn(command, rest, { env: { ...process.env, ...env, NTLM_USER_FILE: users } });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const events: AcceptorEvent[] = [];
  const port = await listening(child, events);
  return {
    port,
    events,
    stop: async () => {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcessWithoutNullStreams, events: AcceptorEvent[]): Promise<number> {
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The acceptor ended: ${complaint}`)));
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as AcceptorEvent | { readonly port: number };
      if ('port' in said) resolve(said.port);
      else events.push(said);
    });
  });
}
