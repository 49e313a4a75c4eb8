import * as asn1js from 'asn1js';
import { expect, test } from 'vitest';
import { NtlmClient } from './ntlm.ts';
import { NegotiateAcceptor } from './spnego-acceptor.ts';
import {
  decodeNegTokenInit,
  decodeNegTokenResp,
  encodeMechTypeList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  KERBEROS_OID,
  NEG_STATE,
  NTLM_OID,
} from './spnego-message.ts';
import { SpnegoClient } from './spnego.ts';

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
  ['a refusal', { negState: NEG_STATE.reject }, 'unauthenticated'],
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
