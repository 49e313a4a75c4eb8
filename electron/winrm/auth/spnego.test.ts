import * as asn1js from 'asn1js';
import { describe, expect, test } from 'vitest';
import { WinRMError } from '../error.ts';
import { NtlmClient } from './ntlm.ts';
import { NegotiateAcceptor } from './spnego-acceptor.ts';
import {
  decodeNegTokenInit,
  decodeNegTokenResp,
  encodeMechTypeList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  KERBEROS_OID,
  MS_KERBEROS_OID,
  NEG_STATE,
  NTLM_OID,
} from './spnego-message.ts';
import { SpnegoClient } from './spnego.ts';
import type { Negotiable } from './spnego.ts';

const text = (value: string) => new TextEncoder().encode(value);
const hex = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString('hex');
const AMBIENT = {
  now: () => 1_700_000_000_000,
  randomBytes: (length: number) => new Uint8Array(length).fill(5),
};
const ntlm = () => new NtlmClient({ username: 'LAB\\alice', password: 'x' }, {}, AMBIENT);
const server = () =>
  new NegotiateAcceptor(
    {
      computerName: 'WEB01',
      domainName: 'LAB',
      passwordOf: (username) => (username === 'alice' ? 'x' : undefined),
    },
    AMBIENT,
  );

test('the first token is the framing of RFC 4178 around NTLM’s own', async () => {
  const token = await new SpnegoClient({ ntlm: ntlm() }).step();
  const inner = hex(ntlm().step());
  expect(hex(token)).toBe(`604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a0428${inner}`);
  expect(asn1js.fromBER((token ?? new Uint8Array()).slice().buffer).offset).toBe(token?.length);
});

test('both sides sign the list of mechanisms, and then seal', async () => {
  const [client, acceptor] = [new SpnegoClient({ ntlm: ntlm() }), server()];
  const challenge = acceptor.step((await client.step()) ?? text(''));
  const proof = (await client.step(challenge)) ?? text('');
  expect(decodeNegTokenResp(proof).mechListMic).toHaveLength(16);
  const end = acceptor.step(proof) ?? text('');
  expect(decodeNegTokenResp(end)).toMatchObject({ negState: NEG_STATE.acceptCompleted });
  expect(client.complete).toBe(false);
  expect(await client.step(end)).toBeUndefined();
  expect(client.complete).toBe(true);
  for (const message of ['one', 'two']) {
    expect(hex(acceptor.unwrap(client.wrap(text(message))))).toBe(hex(text(message)));
    expect(hex(client.unwrap(acceptor.wrap(text(message))))).toBe(hex(text(message)));
  }
});

test('a signature over the list that does not hold ends the sign-in', async () => {
  const [client, acceptor] = [new SpnegoClient({ ntlm: ntlm() }), server()];
  const proof = (await client.step(acceptor.step((await client.step()) ?? text('')))) ?? text('');
  const { mechListMic, ...rest } = decodeNegTokenResp(acceptor.step(proof) ?? text(''));
  const forged = encodeNegTokenResp({ ...rest, mechListMic: mechListMic?.with(5, 0) });
  await expect(client.step(forged)).rejects.toMatchObject({ kind: 'protocol' });
});

test('a client that would rather have Kerberos is asked for NTLM', () => {
  const acceptor = server();
  const list = encodeMechTypeList([KERBEROS_OID, NTLM_OID]);
  const answer = decodeNegTokenResp(acceptor.step(encodeNegTokenInit(list, text('a ticket'))) ?? text(''));
  expect(answer).toMatchObject({
    negState: NEG_STATE.acceptIncomplete,
    supportedMech: NTLM_OID,
    responseToken: undefined,
  });
  const client = ntlm();
  const next = decodeNegTokenResp(
    acceptor.step(encodeNegTokenResp({ responseToken: client.step() ?? text('') })) ?? text(''),
  );
  const proof = client.step(next.responseToken) ?? text('');
  const mechListMic = client.sealing.sign(list);
  acceptor.step(encodeNegTokenResp({ responseToken: proof, mechListMic }));
  expect(acceptor.account).toEqual({ username: 'alice', domain: 'LAB' });
});

test('bare NTLM is taken, too', () => {
  const [client, acceptor] = [ntlm(), server()];
  acceptor.step(client.step(acceptor.step(client.step() ?? text(''))) ?? text(''));
  expect(acceptor.complete).toBe(true);
});

test.each([
  ['a refusal before any proof', { negState: NEG_STATE.reject }, 'denied'],
  [
    'another mechanism',
    { negState: NEG_STATE.acceptIncomplete, supportedMech: KERBEROS_OID, responseToken: text('?') },
    'protocol',
  ],
  ['no challenge', { negState: NEG_STATE.acceptIncomplete }, 'protocol'],
  [
    'an end before the beginning',
    { negState: NEG_STATE.acceptCompleted, responseToken: text('?') },
    'protocol',
  ],
] as const)('%s is an error', async (_, response, kind) => {
  const client = new SpnegoClient({ ntlm: ntlm() });
  await client.step();
  await expect(client.step(encodeNegTokenResp(response))).rejects.toMatchObject({ kind });
});

test('a refusal of what proved the password says something of the password', async () => {
  const [client, acceptor] = [new SpnegoClient({ ntlm: ntlm() }), server()];
  await client.step(acceptor.step((await client.step()) ?? text('')));
  expect(client.provesPassword).toBe(true);
  const refusal = client.step(encodeNegTokenResp({ negState: NEG_STATE.reject }));
  await expect(refusal).rejects.toMatchObject({ kind: 'unauthenticated' });
});

test('tokens cut anywhere, and fields out of order, are refused', () => {
  const broken = expect.objectContaining({ kind: 'protocol' });
  const init = encodeNegTokenInit(encodeMechTypeList([NTLM_OID]), text('token'));
  const resp = encodeNegTokenResp({
    negState: 1,
    supportedMech: NTLM_OID,
    responseToken: text('t'),
    mechListMic: text('m'),
  });
  for (let length = 0; length < init.length; length++)
    expect(() => decodeNegTokenInit(init.subarray(0, length))).toThrow(broken);
  for (let length = 0; length < resp.length; length++)
    expect(() => decodeNegTokenResp(resp.subarray(0, length))).toThrow(broken);
  expect(() =>
    decodeNegTokenResp(Uint8Array.of(0xa1, 12, 0x30, 10, 0xa2, 3, 4, 1, 0, 0xa0, 3, 0x0a, 1, 0)),
  ).toThrow(broken);
  expect(() => decodeNegTokenResp(Uint8Array.of(0xa1, 7, 0x30, 5, 0xa0, 3, 0x0a, 1, 9))).toThrow(broken);
});

/** Two tokens, like Kerberos with mutual authentication; signatures are the message and a word. */
function kerberos(word = 'MIC') {
  const seen: string[] = [];
  let steps = 0;
  const client: Negotiable = {
    scheme: 'Kerberos',
    mechanism: 'Kerberos',
    provesPassword: false,
    get complete() {
      return steps === 2;
    },
    step: (token) => {
      seen.push(new TextDecoder().decode(token));
      return Promise.resolve(++steps === 1 ? text('AP-REQ') : undefined);
    },
    wrap: (plain) => ({ header: text('K'), data: plain }),
    unwrap: ({ data }) => data,
    sign: (message) => Uint8Array.from([...message, ...text(word)]),
    verify: (message, signature) => {
      if (hex(signature) !== hex(Uint8Array.from([...message, ...text(word)])))
        throw new WinRMError('protocol', 'no');
    },
  };
  return { client, seen };
}
const LIST = encodeMechTypeList([KERBEROS_OID, MS_KERBEROS_OID, NTLM_OID]);
const MIC = Uint8Array.from([...LIST, ...text('MIC')]);
const AP_REP = { supportedMech: MS_KERBEROS_OID, responseToken: text('AP-REP') };

describe('Kerberos before NTLM', () => {
  test('goes first, by both of its names, its token sent along', async () => {
    const token = await new SpnegoClient({ kerberos: kerberos().client, ntlm: ntlm() }).step();
    const { mechTypeList, mechToken } = decodeNegTokenInit(token ?? text(''));
    expect(hex(mechTypeList)).toBe(hex(LIST));
    expect(hex(mechToken)).toBe(hex(text('AP-REQ')));
  });

  test.each([
    ['in one answer', { negState: NEG_STATE.acceptCompleted, ...AP_REP }],
    [
      'with a signature that was not asked for',
      { negState: NEG_STATE.acceptCompleted, ...AP_REP, mechListMic: MIC },
    ],
  ])('is complete %s', async (_, answer) => {
    const { client: inner, seen } = kerberos();
    const client = new SpnegoClient({ kerberos: inner, ntlm: ntlm() });
    await client.step();
    expect(await client.step(encodeNegTokenResp(answer))).toBeUndefined();
    expect([client.complete, client.mechanism, client.provesPassword]).toEqual([
      true,
      'Kerberos in Negotiate',
      false,
    ]);
    expect(seen).toEqual(['', 'AP-REP']);
  });

  test('signs the list where the server asks for it, and wants it signed back', async () => {
    const ask = async (end: Uint8Array) => {
      const client = new SpnegoClient({ kerberos: kerberos().client, ntlm: ntlm() });
      await client.step();
      const signed = await client.step(encodeNegTokenResp({ negState: NEG_STATE.requestMic, ...AP_REP }));
      expect(hex(decodeNegTokenResp(signed ?? text('')).mechListMic)).toBe(hex(MIC));
      expect(client.complete).toBe(false);
      await client.step(end);
      return client.complete;
    };
    expect(await ask(encodeNegTokenResp({ negState: 0, mechListMic: MIC }))).toBe(true);
    const broken = { kind: 'protocol' };
    await expect(ask(encodeNegTokenResp({ negState: 0 }))).rejects.toMatchObject(broken);
    await expect(ask(encodeNegTokenResp({ negState: 0, mechListMic: MIC.with(9, 0) }))).rejects.toMatchObject(
      broken,
    );
    await expect(ask(encodeNegTokenResp({ negState: 1, mechListMic: MIC }))).rejects.toMatchObject(broken);
  });

  test.each([
    ['an end without the server’s proof', { negState: 0, supportedMech: KERBEROS_OID }],
    ['a proof that leaves the end open, again and again', { negState: 1, ...AP_REP, mechListMic: text('?') }],
    ['NTLM’s end at once', { negState: 0, supportedMech: NTLM_OID }],
    ['NTLM with Kerberos’ token', { negState: 1, supportedMech: NTLM_OID, responseToken: text('?') }],
    ['a mechanism that was not offered', { negState: 1, supportedMech: text('other') }],
  ])('%s is an error', async (_, answer) => {
    const client = new SpnegoClient({ kerberos: kerberos().client, ntlm: ntlm() });
    await client.step();
    await expect(client.step(encodeNegTokenResp(answer))).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('a server that takes NTLM instead of Kerberos', () => {
  async function untilProof() {
    const [client, acceptor] = [new SpnegoClient({ kerberos: kerberos().client, ntlm: ntlm() }), server()];
    let token: Uint8Array | undefined;
    for (let leg = 0; leg < 3; leg++) {
      expect(client.provesPassword).toBe(false);
      token = await client.step(token && acceptor.step(token));
    }
    expect(client.provesPassword).toBe(true);
    return { client, end: acceptor.step(token ?? text('')) ?? text('') };
  }

  test('signs the list, and then both seal', async () => {
    const { client, end } = await untilProof();
    await client.step(end);
    expect([client.complete, client.mechanism]).toEqual([true, 'NTLM in Negotiate']);
  });

  test('must sign it: otherwise somebody may have struck Kerberos out', async () => {
    const { client, end } = await untilProof();
    const { mechListMic, ...rest } = decodeNegTokenResp(end);
    expect(mechListMic).toBeDefined();
    await expect(client.step(encodeNegTokenResp(rest))).rejects.toMatchObject({ kind: 'protocol' });
    const { client: unheard } = await untilProof();
    expect(() => unheard.endUnheard()).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });
});
