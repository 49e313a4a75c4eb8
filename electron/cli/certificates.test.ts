import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeIdentity } from '../simulator/listen.ts';
import { CredentialStore } from '../store/credentials.ts';
import type { Keyring } from '../store/keyring-vault.ts';
import { openKeyringVault } from '../store/keyring-vault.ts';
import { vaultsOf } from '../store/vault.ts';
import { MUTUAL_TLS } from '../winrm/auth/client-certificate.ts';
import { NEW_PFX, OPEN_PEM, PASSPHRASE, RENEWED_PFX } from '../winrm/auth/client-certificate-fixture.ts';
import { readClientCertificate } from '../winrm/auth/read-client-certificate.ts';
import { appFolder } from './app-folder.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

const { info, username } = await readClientCertificate(NEW_PFX, PASSPHRASE);
const SKIP = ['-SessionOption', '@{SkipCACheck=$true}'];

let server: Server;
let port: number;
let folder: string;
let seen: { readonly subject: string | undefined; readonly authorization: string | undefined }[];
let vault: Keyring;

beforeEach(async () => {
  seen = [];
  const identity = await makeIdentity(['127.0.0.1']);
  const tls = { key: identity.key, cert: identity.certificate, requestCert: true, rejectUnauthorized: false };
  server = createServer(tls, ({ socket, headers: { authorization } }, response) => {
    seen.push({
      subject: (socket as TLSSocket).getPeerCertificate().subject?.CN as string | undefined,
      authorization,
    });
    response.writeHead(401).end(); // who asked, and how, is all that is to be seen here
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  folder = mkdtempSync(join(tmpdir(), 'pssm-certificates-'));
  writeFileSync(join(folder, 'alice.pfx'), NEW_PFX);
  writeFileSync(join(folder, 'open.pem'), OPEN_PEM);
  const passwords = new Map<string, string>();
  vault = {
    AsyncEntry: class {
      readonly #key: string;
      constructor(service: string, name: string) {
        this.#key = `${service}/${name}`;
      }
      getPassword = async () => passwords.get(this.#key) ?? null;
      setPassword = async (password: string) => void passwords.set(this.#key, password);
      deleteCredential = async () => passwords.delete(this.#key);
    },
  };
});
afterEach(() => (server.closeAllConnections(), server.close()));

async function pssm(argv: readonly string[], overrides: Partial<CommandIO> = {}) {
  const recording = recordingIO(folder, { now: Date.now, loadKeyring: () => vault, ...overrides });
  const code = await run(argv, recording.io);
  return { code, err: recording.err() };
}
const ask = (argv: readonly string[], overrides?: Partial<CommandIO>) =>
  pssm(['Get-PSSession', 'localhost', '-UseSSL', '-Port', String(port), ...SKIP, ...argv], overrides);

/** As the app saves it. */
async function save() {
  const best = (await openKeyringVault({ load: () => vault, platform: 'linux' }))!;
  const file = join(
    appFolder({ environment: {}, platform: 'linux', homeFolder: folder }),
    'credentials.json',
  );
  const source = { kind: 'file', path: join(folder, 'alice.pfx'), hasPassphrase: true } as const;
  const id = '00000000-0000-4000-8000-000000000001';
  const saved = { id, name: 'Web', username, changedOn: 1, certificate: { ...info, source } };
  await new CredentialStore({ file, vaults: async () => vaultsOf([best]) }).add(saved, PASSPHRASE);
}

const BY_ALICE = { subject: 'alice', authorization: MUTUAL_TLS };

describe('a client certificate signs in', () => {
  test('of a file, whose passphrase is asked for without echo', async () => {
    const asked: string[] = [];
    const askPassword = async (prompt: string) => (asked.push(prompt), PASSPHRASE);
    const { code, err } = await ask(['-CertificateFile', join(folder, 'alice.pfx')], { askPassword });
    expect(seen).toEqual([BY_ALICE]);
    expect(asked).toEqual([`Passphrase of ${join(folder, 'alice.pfx')}: `]);
    expect(code).toBe(1);
    expect(err).toContain('localhost did not accept the client certificate.');
  });

  test('of a file with the passphrase on standard input, or with none', async () => {
    const readPasswordLine = async () => PASSPHRASE;
    await ask(['--certificate-file', join(folder, 'alice.pfx'), '--password-stdin'], { readPasswordLine });
    await ask(['-CertificateFile', join(folder, 'open.pem')]);
    expect(seen).toEqual([BY_ALICE, BY_ALICE]);
  });

  test('that the app saved, by its thumbprint as people copy it, or by its name', async () => {
    await save();
    const spaced = info.thumbprint.toLowerCase().replace(/../g, '$& ');
    await ask(['-CertificateThumbprint', spaced]);
    await ask(['-CertificateThumbprint', info.thumbprint, '-Authentication', 'Default']);
    await ask(['-Credential', 'web']);
    expect(seen).toEqual([BY_ALICE, BY_ALICE, BY_ALICE]);
  });

  test('step by step, without an offer', async () => {
    await save();
    const recording = recordingIO(folder, { now: Date.now, loadKeyring: () => vault });
    const line = ['Test-WSMan', 'localhost', '-UseSSL', '-Port', String(port), ...SKIP, '--diagnose'];
    expect(await run([...line, '-Credential', 'Web'], recording.io)).toBe(1);
    expect(recording.out()).toContain('A client certificate is told of in no offer');
    expect(recording.out()).toContain('did not accept the client certificate');
    expect(seen).toEqual([{ ...BY_ALICE, authorization: undefined }, BY_ALICE]);
  });

  test('in a trace, which names the way and nothing of the certificate', async () => {
    const { readFileSync } = await import('node:fs');
    const trace = join(folder, 'trace.txt');
    await ask(['-CertificateFile', join(folder, 'open.pem'), '-Trace', trace]);
    expect(readFileSync(trace, 'utf8')).toContain(`authorization: ${MUTUAL_TLS}`);
    expect(readFileSync(trace, 'utf8')).not.toMatch(/alice|PRIVATE|Lab/);
  });
});

describe('nothing is sent', () => {
  const file = () => join(folder, 'alice.pfx');
  test.each([
    ['a wrong passphrase', () => [file(), '--password-stdin'], 'not the one of this file'],
    ['no terminal to ask at', () => [file()], '--password-stdin'],
    ['a file that is not there', () => [join(folder, 'none.pfx')], 'cannot be read'],
    ['another way to sign in', () => [file(), '-Authentication', 'Kerberos'], 'with -Authentication'],
    ['an account', () => [file(), '-Credential', 'alice'], 'with -Credential'],
  ])('with %s', async (_, rest, words) => {
    const { code, err } = await ask(['-CertificateFile', ...rest()]);
    expect([code, seen]).toEqual([2, []]);
    expect(err).toContain(words);
    expect(err).not.toContain('from stdin');
  });

  test('with a thumbprint that nobody saved, as PowerShell refuses it with others, or over http', async () => {
    const unknown = await ask(['-CertificateThumbprint', 'AB12']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('-CertificateFile')]);
    const both = await ask(['-CertificateThumbprint', 'AB12', '-Credential', 'alice']);
    expect(both.err).toContain('A CertificateThumbPrint cannot be specified when Credential is specified.');
    const mechanism = await ask(['-CertificateThumbprint', 'AB12', '-Authentication', 'Basic']);
    expect(mechanism.err).toContain('A CertificateThumbPrint cannot be specified when Basic is specified.');
    const plain = await pssm(['Get-PSSession', 'localhost', '-CertificateFile', join(folder, 'open.pem')]);
    expect([plain.code, plain.err]).toEqual([1, expect.stringContaining('signs in by TLS')]);
    expect(seen).toEqual([]);
  });

  test('with another certificate than the one of that thumbprint, where its file holds another by now', async () => {
    await save();
    writeFileSync(join(folder, 'alice.pfx'), RENEWED_PFX);
    const renewed = (await readClientCertificate(RENEWED_PFX, PASSPHRASE)).info.thumbprint;
    const readPasswordLine = async () => PASSPHRASE;
    for (const rest of [[], ['--password-stdin']]) {
      const { code, err } = await ask(['-CertificateThumbprint', info.thumbprint, ...rest], {
        readPasswordLine,
      });
      expect([code, seen]).toEqual([2, []]);
      expect(err).toContain(info.thumbprint);
      expect(err).toContain(renewed);
    }
  });

  test('with one that is expired', async () => {
    const { code, err } = await ask(['-CertificateFile', join(folder, 'open.pem')], {
      now: () => info.validTo + 1,
    });
    expect([code, seen]).toEqual([2, []]);
    expect(err).toMatch(/alice expired on \S+\.\n/);
    expect(err).toContain('+ Perhaps: It was not renewed.\n');
    expect(err).toContain('+ Perhaps: The clock of this machine is wrong.\n');
    expect(err).toContain('+ Remedy : Have it renewed, and name its file with -CertificateFile.\n');
  });

  test('with a file that is not there: what can be done is said of the file, where no credential is', async () => {
    const { err } = await ask(['-CertificateFile', join(folder, 'none.pfx')]);
    expect(err).toContain('+ Perhaps: It was moved or deleted.\n');
    expect(err).toContain('+ Remedy : Name the file as it lies now with -CertificateFile.\n');
    expect(err).not.toContain('credential');
  });
});
