import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { ALICE } from '../../auth/credssp/acceptor-fixture.ts';
import { openChannel } from '../connection.ts';
import type { ChannelOptions } from '../connection.ts';
import type { BeforeLogin } from '../login.ts';
import { fake } from '../kerberos-fixture.ts';
import { closeRawServers, requestServer } from '../raw-server-fixture.ts';
import { computerFixture, http } from './computer-fixture.ts';
import type { ComputerFixtureOptions } from './computer-fixture.ts';
import { serviceOf } from './credssp.ts';

afterEach(closeRawServers);

const made = await generate([{ name: 'commonName', value: 'WEB01' }], { keySize: 2048 });
const identity = { cert: made.cert, key: made.private };
const CREDSSP: ChannelOptions = { authentication: 'Credssp' };
const never = new AbortController().signal;

async function ask(
  options: Partial<ComputerFixtureOptions> = {},
  { credential = ALICE, ...more }: ChannelOptions & { credential?: typeof ALICE } = {},
) {
  const computer = await computerFixture({ identity, ...options });
  const heard: string[] = [];
  const beforeLogin: BeforeLogin = async () => {
    heard.push(`asked after ${computer.state.requests}`);
    return {
      taken: () => void heard.push('taken'),
      refused: () => void heard.push('refused'),
      ended: (how) => void heard.push(how ?? 'ended'),
    };
  };
  const warnings: string[] = [];
  const onWarning = (sentence: string) => void warnings.push(sentence);
  const channel = openChannel(computer.endpoint, credential, { ...CREDSSP, beforeLogin, onWarning, ...more });
  const outcome = await channel.post('<a/>', never).catch((error: unknown) => error);
  return { ...computer, outcome, heard, warnings, channel };
}

test('NTLM within is told the same service that Kerberos asks for, with the port where that is wanted', () => {
  const endpoint = { scheme: 'http', hostname: 'web01.lab.test.', port: 5985, path: '/wsman' } as const;
  expect(serviceOf({ endpoint })).toBe('WSMAN/web01.lab.test');
  expect(serviceOf({ endpoint, includePortInSPN: true })).toBe('WSMAN/web01.lab.test:5985');
});

const broken = expect.objectContaining({ kind: 'protocol' });

test('signs in with TLS in headers, hands the password over and seals what follows, in every size', async () => {
  const { outcome, heard, warnings, channel, seen, state, delegated } = await ask();
  expect(outcome).toBe('<a/>');
  for (const length of [1, 16_383, 16_384, 16_385, 100_000]) {
    const soap = 'x'.repeat(length);
    expect((await channel.post(soap, never)) === soap, `${length} bytes`).toBe(true);
  }
  expect(await channel.post('<ä>密😀</ä>', never)).toBe('<ä>密😀</ä>');
  expect(channel.signIn?.why).toContain(
    'By NTLM only somebody who can check the account names the computer.',
  );
  channel.close();
  expect(state.connections).toBe(1);
  expect(delegated()).toEqual([{ domain: 'LAB', username: 'alice', password: ALICE.password }]);
  // Two legs of TLS, NEGOTIATE; AUTHENTICATE is the login.
  expect(heard).toEqual(['asked after 3', 'taken', 'ended']);
  expect(warnings).toEqual([
    expect.stringContaining('the password itself is handed to whoever answers as 127.0.0.1'),
    expect.stringContaining('CredSSP with 127.0.0.1 came about by NTLM, not Kerberos'),
  ]);
  const clear = seen
    .map(({ authorization, body }) => `${authorization} ${body.toString('latin1')}`)
    .join('\n');
  for (const form of ['latin1', 'utf8', 'utf16le'] as const)
    expect(clear).not.toContain(Buffer.from(ALICE.password, form).toString('latin1'));
  const [large] = seen.slice(-2).map(({ body }) => body.toString('latin1'));
  expect(large).toContain('HTTP-CredSSP-session-encrypted');
  expect(large?.match(/OriginalContent: type=[^;]*;charset=UTF-8;Length=(\d+)/g)).toHaveLength(7);
});

test('what CredSSP does is told once for a computer, that NTLM names it at each sign-in', async () => {
  const { channel, warnings, state, heard, closed } = await ask({ closes: true });
  await expect.poll(closed).toBe(1);
  expect(await channel.post('<b/>', never)).toBe('<b/>');
  channel.close();
  expect(state.connections).toBe(2);
  expect(heard.filter((what) => what === 'taken')).toHaveLength(2);
  const byNtlm = expect.stringContaining('by NTLM, not Kerberos') as string;
  expect(warnings).toEqual([expect.stringContaining('password itself'), byNtlm, byNtlm]);
});

test('a wrong password is refused once however often one asks, and not handed over', async () => {
  const wrong = await ask({}, { credential: { ...ALICE, password: 'other' } });
  expect(wrong.outcome).toMatchObject({ kind: 'unauthenticated' });
  await expect(wrong.channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
  wrong.channel.close();
  expect(wrong.heard).toEqual(['asked after 3', 'refused', 'ended']);
  expect(wrong.state.connections).toBe(1);
  expect(wrong.delegated()).toEqual([undefined]);
});

test('one that its domain has just taken is not called wrong', async () => {
  const computer = await computerFixture({ identity });
  const services = Object.fromEntries(
    ['HTTP', 'WSMAN', 'host'].map((service) => [`${service}/localhost`, 'unknownService'] as const),
  );
  const credential = { username: 'alice@lab.test', password: 'other' };
  const options = { ...CREDSSP, kerberos: () => fake(undefined, services) };
  const channel = openChannel({ ...computer.endpoint, hostname: 'localhost' }, credential, options);
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    kind: 'unauthenticated',
    message: expect.stringContaining(
      'though the domain of the account has just taken the password',
    ) as string,
    info: {
      causes: [expect.stringContaining('does not map alice@lab.test'), ...Array(3).fill(expect.any(String))],
    },
    signIn: { mechanism: expect.stringContaining('NTLM in CredSSP') as string },
  });
  channel.close();
});

test('a refusal that is said inside TLS counts, too, and tells its reason', async () => {
  const { outcome, heard, channel } = await ask({
    acceptor: { change: (reply, count) => (count === 2 ? { version: 6, errorCode: 0xc0000234 } : reply) },
  });
  channel.close();
  expect(outcome).toMatchObject({ kind: 'unauthenticated', info: { causes: ['The account is locked.'] } });
  expect(heard).toEqual(['asked after 3', 'refused', 'ended']);
});

test.each([
  ['by a code that nobody knows is a refusal', 0x8009030f, ['refused', 'ended']],
  ['where no domain controller answered it is none, and not lost', 0xc000005e, ['unjudged']],
])('what ends after the proof %s', async (_, errorCode, said) => {
  const { outcome, heard, channel } = await ask({
    acceptor: { change: (reply, count) => (count === 2 ? { version: 6, errorCode } : reply) },
  });
  channel.close();
  expect(outcome).toMatchObject({ kind: 'denied' });
  expect(heard).toEqual(['asked after 3', ...said]);
});

test('a computer with old CredSSP is shown no proof unless that is allowed', async () => {
  const old = { acceptor: { version: 4 } };
  const refused = await ask(old);
  refused.channel.close();
  expect(refused.outcome).toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('CredSSP 4') as string,
  });
  expect(refused.heard).toEqual([]);
  const allowed = await ask(old, { allowOldCredssp: true });
  allowed.channel.close();
  expect(allowed.outcome).toBe('<a/>');
});

test('a computer that knows the password and takes nobody in says so without a wrong password', async () => {
  const { outcome, heard, channel } = await ask({ last: '401 No' });
  channel.close();
  expect(outcome).toMatchObject({ kind: 'denied' });
  expect(heard).toEqual(['asked after 3', 'taken', 'ended']);
});

describe('nothing is handed over', () => {
  const flip = (at: number) => (token: Buffer, count: number) => {
    if (count === at) token[token.length - 5] = (token.at(-5) ?? 0) ^ 1;
    return token;
  };
  test.each<[string, Partial<ComputerFixtureOptions>]>([
    ['where TLS is altered in its beginning', { token: flip(1) }],
    ['where TLS is altered in its end', { token: flip(2) }],
    ['where a sealed token is altered', { token: flip(3) }],
    ['where the binding is altered', { token: flip(5) }],
    ['to another nonce', { acceptor: { nonce: new Uint8Array(32) } }],
    ['where tokens are no TLS', { token: () => Buffer.from('hello') }],
    ['where tokens are cut', { token: (token) => token.subarray(0, 20) }],
    ['where a token is sent twice', { token: (token) => Buffer.concat([token, token]) }],
    [
      'where the binding has no end',
      { acceptor: { change: (reply, count) => (count > 2 ? { version: 6 } : reply) } },
    ],
  ])('%s', async (_, options) => {
    const { outcome, delegated, channel } = await ask(options);
    channel.close();
    expect(outcome).toEqual(broken);
    expect(delegated()).toEqual([undefined]);
  });

  test.each<[string, Buffer, string]>([
    ['lets anyone in', http('200 OK'), 'protocol'],
    ['offers other ways', http('401 No', 'WWW-Authenticate: Negotiate\r\n'), 'denied'],
    ['sends an empty token', http('401 No', 'WWW-Authenticate: CredSSP\r\n'), 'denied'],
    ['sends what is no token', http('401 No', 'WWW-Authenticate: CredSSP !!!\r\n'), 'protocol'],
    ['alerts', http('401 No', 'WWW-Authenticate: CredSSP FQMDAAICKA==\r\n'), 'protocol'],
    [
      'sends a piece of a record for ever',
      http('401 No', 'WWW-Authenticate: CredSSP FgMDQAA=\r\n'),
      'protocol',
    ],
    ['fails', http('503 No'), 'unreachable'],
  ])('to a server that %s', async (_, answer, kind) => {
    const { endpoint, state } = await requestServer((socket) => socket.write(answer));
    const channel = openChannel(endpoint, ALICE, CREDSSP);
    await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind });
    channel.close();
    expect(state.requests).toBeLessThanOrEqual(12);
  });
});

describe('an answer is not taken', () => {
  test.each<[string, (body: Buffer) => Buffer]>([
    ['with one bit changed', (body) => (body.writeUInt8((body.at(-30) ?? 0) ^ 1, body.length - 30), body)],
    ['cut short', (body) => body.subarray(0, -40)],
    [
      'that says another length',
      (body) => Buffer.from(body.toString('latin1').replace('Length=4', 'Length=3'), 'latin1'),
    ],
    ['in clear', () => Buffer.from('<a/>')],
    ['twice over', (body) => Buffer.concat([body.subarray(0, body.lastIndexOf('--Encrypted')), body])],
  ])('%s', async (_, body) => {
    const { outcome, channel } = await ask({ body });
    channel.close();
    expect(outcome).toEqual(broken);
  });
});

test('an account without a password is refused before any traffic', async () => {
  const { outcome, state, channel } = await ask({}, { credential: { ...ALICE, password: '' } });
  channel.close();
  expect(outcome).toMatchObject({ kind: 'invalid' });
  expect(state.requests).toBe(0);
});
