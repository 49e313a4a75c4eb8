import { expect, test } from 'vitest';
import { WinRMError } from '../error.ts';
import { NtlmAcceptor } from './ntlm-acceptor.ts';
import { fileTime, ntlmV2Response, lmV2Response, ntowfV2 } from './ntlm-keys.ts';
import {
  AV,
  decodeAuthenticate,
  decodeAvPairs,
  decodeChallenge,
  encodeAvPairs,
  encodeChallenge,
  FLAG,
  MIC_OFFSET,
} from './ntlm-message.ts';
import { NtlmSealing } from './ntlm-sealing.ts';
import { accountOf, NtlmClient } from './ntlm.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const text = (value: string) => new TextEncoder().encode(value);

/** MS-NLMP 4.2.1 and 4.2.4: User, Password, Domain, COMPUTER, aa…, 55…, time 0. */
const CHALLENGE = bytes(`
  4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 2400240044000000 060070170000000f
  530065007200760065007200
  02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000`);
const AUTHENTICATE = bytes(`
  4e544c4d53535000 03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000 100010005c000000
  10001000d8000000 358288e2 0501280a0000000f
  44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
  86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa
  68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
  02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000
  c5dad2544fc9799094ce1ce90bc9d03e`);
const TIME_ZERO = Date.UTC(1601, 0, 1);
const SPEC = {
  now: () => TIME_ZERO,
  randomBytes: (length: number) => new Uint8Array(length).fill(length === 8 ? 0xaa : 0x55),
};
const USER = { username: 'Domain\\User', password: 'Password' };
const specClient = () =>
  new NtlmClient(USER, { workstation: 'COMPUTER', version: bytes('0501280a0000000f') }, SPEC);

test('the keys and answers of MS-NLMP 4.2.4.1 and 4.2.4.2', () => {
  const key = ntowfV2('User', 'Domain', 'Password');
  expect(hex(key)).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  const input = {
    key,
    serverChallenge: bytes('0123456789abcdef'),
    clientChallenge: bytes('aaaaaaaaaaaaaaaa'),
    time: fileTime(TIME_ZERO),
    targetInfo: encodeAvPairs(decodeChallenge(CHALLENGE).targetInfo),
  };
  expect(hex(lmV2Response(input))).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
  const { ntResponse, sessionBaseKey } = ntlmV2Response(input);
  expect(hex(ntResponse.subarray(0, 16))).toBe('68cd0ab851e51c96aabc927bebef6a1c');
  expect(hex(sessionBaseKey)).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
});

test('the AUTHENTICATE message of MS-NLMP 4.2.4.3, bit by bit', () => {
  const client = specClient();
  client.step();
  expect(hex(client.step(CHALLENGE) ?? bytes(''))).toBe(hex(AUTHENTICATE));
});

test('the sealed message of MS-NLMP 4.2.4.4, bit by bit', () => {
  const client = specClient();
  client.step();
  client.step(CHALLENGE);
  const { header, data } = client.wrap(new Uint8Array(Buffer.from('Plaintext', 'utf16le')));
  expect(hex(data)).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
  expect(hex(header)).toBe('010000007fb38ec5c55d497600000000');
});

test('asks for sealing, key exchange and 128 bit from the first message on', () => {
  const negotiate = specClient().step() ?? bytes('');
  expect(hex(negotiate)).toBe(`4e544c4d5353500001000000358288e2${'0'.repeat(32)}0501280a0000000f`);
});

const AMBIENT = {
  now: () => 1_700_000_000_000,
  randomBytes: (length: number) => Uint8Array.from({ length }, (_, i) => i * 7 + 3),
};
const acceptor = (passwords: Record<string, string>, channelBinding?: Uint8Array) =>
  new NtlmAcceptor(
    {
      computerName: 'WEB01',
      domainName: 'LAB',
      passwordOf: (username, domain) => passwords[`${domain}\\${username}`],
      ...(channelBinding && { channelBinding }),
    },
    AMBIENT,
  );

function signIn(client: NtlmClient, server: NtlmAcceptor, tamper = (message: Uint8Array) => message) {
  const challenge = server.step(client.step() ?? bytes(''));
  const authenticate = client.step(challenge) ?? bytes('');
  // As it comes from base64: a Buffer, whose slice() shares its memory.
  server.step(Buffer.from(tamper(authenticate)));
  return authenticate;
}

test.each([
  ['LAB\\alice', 'LAB\\alice'],
  ['alice@lab.test', '\\alice@lab.test'],
  ['.\\alice', '\\alice'],
  ['LAB\\Zoë-Ünß', 'LAB\\Zoë-Ünß'],
])('signs in %s and seals both ways', (username, account) => {
  const client = new NtlmClient({ username, password: 'pässwörd 密' }, { targetName: 'HTTP/web01' }, AMBIENT);
  const server = acceptor({ [account]: 'pässwörd 密' });
  signIn(client, server);
  expect(`${server.account.domain}\\${server.account.username}`).toBe(account);
  for (const size of [0, 1, 255, 256, 70_000]) {
    const message = new Uint8Array(size).fill(size & 255);
    expect(hex(server.sealing.unwrap(client.wrap(message)))).toBe(hex(message));
    expect(hex(client.unwrap(server.sealing.wrap(message)))).toBe(hex(message));
  }
});

test('tells the server whom it means, over which connection, and that a MIC follows', () => {
  const binding = text('tls-server-end-point:…');
  const client = new NtlmClient(
    { username: 'LAB\\alice', password: 'x' },
    { targetName: 'HTTP/web01', channelBinding: binding },
    AMBIENT,
  );
  const message = signIn(client, acceptor({ 'LAB\\alice': 'x' }, binding));
  const { ntResponse, lmResponse } = decodeAuthenticate(message);
  const pairs = new Map(decodeAvPairs(ntResponse.subarray(44)).map(({ id, value }) => [id, value]));
  expect(Buffer.from(pairs.get(AV.targetName) ?? []).toString('utf16le')).toBe('HTTP/web01');
  expect(hex(pairs.get(AV.flags) ?? bytes(''))).toBe('02000000');
  expect(pairs.get(AV.channelBindings)).toHaveLength(16);
  expect(hex(lmResponse)).toBe('0'.repeat(48));
  expect(hex(message.subarray(MIC_OFFSET, MIC_OFFSET + 16))).not.toBe('0'.repeat(32));
});

test('tells a server that has the time that it is bound to no connection, with zeros', () => {
  const client = new NtlmClient({ username: 'LAB\\alice', password: 'x' }, {}, AMBIENT);
  const { ntResponse } = decodeAuthenticate(signIn(client, acceptor({ 'LAB\\alice': 'x' })));
  const binding = decodeAvPairs(ntResponse.subarray(44)).filter(({ id }) => id === AV.channelBindings);
  expect(binding.map(({ value }) => hex(value))).toEqual(['0'.repeat(32)]);
});

test('a user name is put into capitals as Windows has them', () => {
  // Of a domain the case is left as it is.
  const same = (username: string, capitals: string) =>
    hex(ntowfV2(username, '', 'x')) === hex(ntowfV2('', capitals, 'x'));
  for (const [username, capitals] of [
    ['zoë', 'ZOË'],
    ['straße', 'STRAßE'],
    ['ÿά', 'ŸΆ'],
    ['aıb', 'AıB'],
    ['ſ', 'ſ'],
    ['გიორგი', 'გიორგი'],
  ] as const)
    expect({ username, isSame: same(username, capitals) }).toEqual({ username, isSame: true });
});

const refused = expect.objectContaining({ kind: 'unauthenticated' });

test('the acceptor refuses a wrong password, an unknown user, and a sign-in bound to another connection', () => {
  const alice = () =>
    new NtlmClient({ username: 'LAB\\alice', password: 'x' }, { channelBinding: text('here') }, AMBIENT);
  expect(() => signIn(alice(), acceptor({ 'LAB\\alice': 'y' }))).toThrow(refused);
  expect(() => signIn(alice(), acceptor({ 'LAB\\bob': 'x' }))).toThrow(refused);
  expect(() => signIn(alice(), acceptor({ 'LAB\\alice': 'x' }, text('elsewhere')))).toThrow(refused);
  expect(() =>
    signIn(
      new NtlmClient({ username: 'LAB\\alice', password: 'x' }, {}, AMBIENT),
      acceptor({ 'LAB\\alice': 'x' }, text('here')),
    ),
  ).toThrow(refused);
});

test('the acceptor refuses an AUTHENTICATE that was changed anywhere', () => {
  const client = () => new NtlmClient({ username: 'LAB\\alice', password: 'x' }, {}, AMBIENT);
  const { length } = signIn(client(), acceptor({ 'LAB\\alice': 'x' }));
  for (let at = 8; at < length; at += 3) {
    const tamper = (message: Uint8Array) => message.with(at, (message[at] ?? 0) ^ 1);
    expect(() => signIn(client(), acceptor({ 'LAB\\alice': 'x' }), tamper), `byte ${at}`).toThrow(WinRMError);
  }
});

test('an account without name or password is refused before anything is said', () => {
  expect(() => new NtlmClient({ username: 'LAB\\alice', password: '' }, {}, AMBIENT)).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  );
  expect(() => new NtlmClient({ username: 'LAB\\', password: 'x' }, {}, AMBIENT)).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  );
  expect(accountOf('LAB\\a\\b')).toEqual({ domain: 'LAB', username: 'a\\b' });
});

test.each(['unicode', 'sign', 'seal', 'extendedSessionSecurity', 'bits128', 'keyExchange'] as const)(
  'a server without %s is refused',
  (flag) => {
    const { flags, targetInfo, serverChallenge } = decodeChallenge(CHALLENGE);
    const weak = encodeChallenge(
      { flags: (flags & ~FLAG[flag]) >>> 0, targetInfo, serverChallenge },
      'WEB01',
      new Uint8Array(8),
    );
    const client = specClient();
    client.step();
    expect(() => client.step(weak)).toThrow(expect.objectContaining({ kind: 'denied' }));
  },
);

test.each([
  ['no target information', (flags: number) => (flags & ~FLAG.targetInfo) >>> 0, []],
  ['no name of the computer', (flags: number) => flags, [AV.computerName]],
  ['no name of the domain', (flags: number) => flags, [AV.domainName]],
])('a server that tells %s is shown no proof', (_, change, missing: readonly number[]) => {
  const { flags, targetInfo, serverChallenge } = decodeChallenge(CHALLENGE);
  const left = targetInfo.filter(({ id }) => !missing.includes(id));
  const told = { flags: change(flags), targetInfo: left, serverChallenge };
  const client = specClient();
  client.step();
  expect(() => client.step(encodeChallenge(told, 'WEB01', new Uint8Array(8)))).toThrow(
    expect.objectContaining({ kind: 'protocol', faultCode: 1326 }),
  );
  expect(client.provesPassword).toBe(false);
});

test('target information that never ends with new things is refused at once', () => {
  const pairs = Array.from({ length: 65 }, (_, i) => ({ id: i + 100, value: new Uint8Array() }));
  const broken = expect.objectContaining({ kind: 'protocol' });
  expect(() => decodeAvPairs(encodeAvPairs(pairs))).toThrow(broken);
  expect(decodeAvPairs(encodeAvPairs(pairs.slice(1)))).toHaveLength(64);
});

test('flags of another length than four are refused, not a crash', () => {
  const { flags, serverChallenge } = decodeChallenge(CHALLENGE);
  const targetInfo = [
    ...decodeChallenge(CHALLENGE).targetInfo,
    { id: AV.timestamp, value: new Uint8Array(8) },
    { id: AV.flags, value: new Uint8Array(0) },
  ];
  const client = specClient();
  client.step();
  const challenge = encodeChallenge({ flags, targetInfo, serverChallenge }, 'WEB01', new Uint8Array(8));
  expect(() => client.step(challenge)).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('a challenge cut anywhere, or with a length that lies, is refused', () => {
  const attempt = (challenge: Uint8Array) => {
    const client = specClient();
    client.step();
    return () => client.step(challenge);
  };
  for (let length = 0; length < CHALLENGE.length; length++) {
    expect(attempt(CHALLENGE.subarray(0, length)), `${length} bytes`).toThrow(
      expect.objectContaining({ kind: 'protocol' }),
    );
  }
  for (const [at, value] of [
    [0, 0x4f],
    [8, 3],
    [40, 0xff],
    [44, 0xff],
    [47, 0xff],
    [70, 0xff],
  ] as const) {
    expect(attempt(CHALLENGE.with(at, value)), `byte ${at}`).toThrow(
      expect.objectContaining({ kind: 'protocol' }),
    );
  }
  expect(attempt(new Uint8Array(70_000))).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('a sealed message that was changed, replayed, swapped or sealed with another key is not opened', () => {
  const broken = expect.objectContaining({ kind: 'protocol' });
  const key = new Uint8Array(16).fill(9);
  const pair = () => [new NtlmSealing(key, 'client'), new NtlmSealing(key, 'server')] as const;
  const [client, server] = pair();
  const first = client.wrap(text('first'));
  const second = client.wrap(text('second'));
  expect(() => server.unwrap(second)).toThrow(broken);
  const [, again] = pair();
  again.unwrap(first);
  expect(() => again.unwrap(first)).toThrow(broken);
  for (let bit = 0; bit < 8 * 5; bit++) {
    const data = first.data.with(bit >> 3, (first.data[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    expect(() => pair()[1].unwrap({ header: first.header, data })).toThrow(broken);
  }
  for (let at = 0; at < 16; at++) {
    expect(() =>
      pair()[1].unwrap({ header: first.header.with(at, (first.header[at] ?? 0) ^ 0x80), data: first.data }),
    ).toThrow(broken);
  }
  expect(() => new NtlmSealing(key.with(0, 1), 'server').unwrap(first)).toThrow(broken);
  expect(() => pair()[1].unwrap({ header: first.header.subarray(1), data: first.data })).toThrow(broken);
});
