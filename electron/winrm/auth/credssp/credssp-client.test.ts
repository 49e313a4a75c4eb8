import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { NtlmClient } from '../ntlm.ts';
import type { SecurityContext } from '../security-context.ts';
import { SpnegoClient } from '../spnego.ts';
import { AcceptorFixture, ALICE } from './acceptor-fixture.ts';
import type { AcceptorFixtureOptions } from './acceptor-fixture.ts';
import { CredsspClient } from './credssp-client.ts';
import type { CredsspOptions } from './credssp-client.ts';
import { keyBinding, subjectPublicKey } from './key-binding.ts';
import { decodeTsRequest, encodeTsRequest } from './ts-request.ts';

let drawn = 0;
const AMBIENT = { now: () => 0, randomBytes: (length: number) => new Uint8Array(length).fill(++drawn) };
const { publicKey: KEY } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
});
const PUBLIC_KEY = subjectPublicKey(KEY);
const broken = expect.objectContaining({ kind: 'protocol' });
const ntlm = (credential = ALICE) => new NtlmClient(credential, {}, AMBIENT);
const spnego = (credential = ALICE) => new SpnegoClient({ ntlm: ntlm(credential) });

const clientWith = (inner: SecurityContext, more: Partial<CredsspOptions> = {}) =>
  new CredsspClient(
    { inner, credential: ALICE, publicKey: PUBLIC_KEY, allowOldVersions: false, ...more },
    AMBIENT,
  );

/** Speaks to the end; `sent` is what the client sent. */
async function speak(
  client: CredsspClient,
  server: Partial<AcceptorFixtureOptions> = {},
): Promise<{ sent: Uint8Array[]; acceptor: AcceptorFixture }> {
  const acceptor = new AcceptorFixture({ publicKey: PUBLIC_KEY, ambient: AMBIENT, ...server });
  const sent = [await client.step()];
  while (!client.complete) sent.push(await client.step(acceptor.step(sent.at(-1)!)));
  acceptor.step(sent.at(-1)!);
  return { sent, acceptor };
}

describe.each([
  ['SPNEGO', spnego, 4],
  ['NTLM alone', ntlm, 3],
])('a sign-in with %s inside', (_, inner, messages) => {
  test('hands the password over in the end, and shows it nowhere before', async () => {
    const client = clientWith(inner());
    const { sent, acceptor } = await speak(client);
    expect(sent).toHaveLength(messages);
    expect(acceptor.delegated).toEqual({ domain: 'LAB', username: 'alice', password: ALICE.password });
    const clear = Buffer.from(ALICE.password, 'utf16le');
    for (const message of sent) expect(Buffer.from(message).includes(clear)).toBe(false);
    expect(client.version).toBe(6);
  });

  test('says when a message proves the password: not before the computer has told its version', async () => {
    const client = clientWith(inner());
    const acceptor = new AcceptorFixture({ publicKey: PUBLIC_KEY, ambient: AMBIENT });
    const first = await client.step();
    expect(client.provesPassword).toBe(false);
    await client.step(acceptor.step(first));
    expect(client.provesPassword).toBe(true);
  });

  test.each([2, 3, 4])(
    'version %i is refused before the password is proven, unless allowed',
    async (version) => {
      const client = clientWith(inner());
      await expect(speak(client, { version })).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining(`CredSSP ${version}`) as string,
      });
      expect(client.provesPassword).toBe(false);
      const { sent, acceptor } = await speak(clientWith(inner(), { allowOldVersions: true }), { version });
      expect(acceptor.delegated?.password).toBe(ALICE.password);
      expect(sent.every((message) => decodeTsRequest(message).clientNonce === undefined)).toBe(true);
    },
  );

  test('version 5 is taken, and a newer one than ours is treated as ours', async () => {
    expect((await speak(clientWith(inner()), { version: 5 })).acceptor.delegated).toBeDefined();
    const newer = clientWith(inner());
    await speak(newer, { version: 6, change: (reply) => ({ ...reply, version: 7 }) });
    expect(newer.version).toBe(6);
  });
});

describe('the password is not handed over', () => {
  const otherKey = Uint8Array.from(PUBLIC_KEY, (byte, i) => (i === 20 ? byte ^ 1 : byte));

  test('where somebody between has another key of TLS', async () => {
    // The true computer sees another key than we do, and says so by breaking off.
    await expect(speak(clientWith(spnego()), { publicKey: otherKey })).rejects.toThrow('another key');
  });

  test.each<[string, Partial<AcceptorFixtureOptions>]>([
    ['the binding of another nonce', { nonce: new Uint8Array(32).fill(9) }],
    ['a binding with one bit flipped', { change: flip((reply) => reply.pubKeyAuth) }],
    ['no binding', { change: (reply) => (reply.pubKeyAuth ? { version: 6 } : reply) }],
    [
      'an empty binding',
      { change: (reply) => (reply.pubKeyAuth ? { ...reply, pubKeyAuth: new Uint8Array() } : reply) },
    ],
    [
      'our own binding thrown back',
      { change: (reply) => (reply.pubKeyAuth ? { ...reply, pubKeyAuth: new Uint8Array(48) } : reply) },
    ],
    [
      'a token where none is due',
      { change: (reply) => (reply.pubKeyAuth ? { ...reply, negoToken: new Uint8Array(3) } : reply) },
    ],
    ['a binding at once', { change: (reply) => ({ ...reply, pubKeyAuth: new Uint8Array(48) }) }],
    ['no token', { change: (reply) => ({ ...reply, negoToken: undefined }) }],
    [
      'another version in the middle',
      { change: (reply, count) => ({ ...reply, version: count > 1 ? 5 : 6 }) },
    ],
    ['version 1', { change: (reply) => ({ ...reply, version: 1 }) }],
  ])('after %s', async (_, server) => {
    const client = clientWith(spnego());
    await expect(speak(client, server)).rejects.toEqual(broken);
    expect(client.complete).toBe(false);
  });

  test('to a computer that talks on for ever', async () => {
    const client = clientWith(ntlm());
    const acceptor = new AcceptorFixture({ publicKey: PUBLIC_KEY, ambient: AMBIENT });
    const challenge = acceptor.step(await client.step())!;
    await client.step(challenge);
    await expect(client.step(challenge)).rejects.toEqual(broken);
  });

  test.each([
    [0xc000006d, 'unauthenticated', 'password is wrong'],
    [0xc0000234, 'unauthenticated', 'locked'],
    [0xc0000071, 'unauthenticated', 'expired'],
    [0x8009030c, 'unauthenticated', 'password is wrong'],
    [0xc000005e, 'denied', 'domain controller'],
    [0x80090302, 'denied', 'not known here'],
  ])('where the computer refuses the account with %i', async (errorCode, kind, cause) => {
    const client = clientWith(ntlm());
    const acceptor = new AcceptorFixture({ publicKey: PUBLIC_KEY, ambient: AMBIENT });
    const challenge = acceptor.step(await client.step())!;
    await client.step(challenge);
    expect(client.provesPassword).toBe(true);
    const refusal = client.step(encodeTsRequest({ version: 6, errorCode }));
    await expect(refusal).rejects.toMatchObject({
      kind,
      info: {
        causes: [expect.stringContaining(cause)],
        detail: expect.stringContaining('NTSTATUS 0x') as string,
      },
    });
  });

  test('where it refuses before it was shown anything of a password, which cannot be what it means', async () => {
    const client = clientWith(ntlm());
    await client.step();
    const refusal = client.step(encodeTsRequest({ version: 6, errorCode: 0xc000006d }));
    await expect(refusal).rejects.toMatchObject({ kind: 'denied' });
  });
});

test('the binding is the hash of the magic text, the nonce and the key; before version 5 the key and its successor', () => {
  const nonce = new Uint8Array(32).fill(7);
  const hash = (text: string) =>
    new Uint8Array(createHash('sha256').update(`${text}\0`).update(nonce).update(PUBLIC_KEY).digest());
  for (const version of [5, 6]) {
    expect(keyBinding('client', version, PUBLIC_KEY, nonce)).toEqual(
      hash('CredSSP Client-To-Server Binding Hash'),
    );
    expect(keyBinding('server', version, PUBLIC_KEY, nonce)).toEqual(
      hash('CredSSP Server-To-Client Binding Hash'),
    );
  }
  expect(keyBinding('client', 4, PUBLIC_KEY, nonce)).toEqual(PUBLIC_KEY);
  expect(keyBinding('server', 4, PUBLIC_KEY, nonce)).toEqual(PUBLIC_KEY.with(0, 0x31));
  // An RSAPublicKey, which is a sequence.
  expect(PUBLIC_KEY[0]).toBe(0x30);
});

/** Flips a bit in the last byte of a field. */
function flip(field: (reply: ReturnType<typeof decodeTsRequest>) => Uint8Array | undefined) {
  return (reply: ReturnType<typeof decodeTsRequest>) => {
    const bytes = field(reply);
    if (bytes?.length) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    return reply;
  };
}
