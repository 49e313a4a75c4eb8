import { afterEach, expect, test } from 'vitest';
import { refusedWith } from '../auth/credssp/refused-with.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, rawServer, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);
const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const never = new AbortController().signal;

/** What a sign-in fails with where every request is answered so. */
async function failure(status: string, challenge = '', options: ChannelOptions = {}) {
  const header = challenge && `WWW-Authenticate: ${challenge}\r\n`;
  const { endpoint } = await requestServer((socket) =>
    socket.write(`HTTP/1.1 ${status}\r\n${header}Content-Length: 0\r\n\r\n`),
  );
  const channel = openChannel(endpoint, LOGIN, options);
  const error = await channel.post('<a/>', never).catch((reason: unknown) => reason);
  channel.close();
  return error;
}
const text = (words: string): unknown => expect.stringContaining(words);

test.each([
  ['no base64', 'Negotiate !!!!'],
  ['no DER', 'Negotiate AAAA'],
  ['cut short', 'Negotiate oQ=='],
  ['accepted without a token', 'Negotiate oQcwBaADCgEA'],
  ['of a mechanism that nobody offered', 'Negotiate oRQwEqADCgEBoQsGCSqGSIb3EgECAw=='],
])('a token that is %s is told of the computer by its name, with what to do', async (_, challenge) => {
  expect(await failure('401 No', challenge)).toMatchObject({
    kind: 'protocol',
    message: text('127.0.0.1'),
    info: { causes: [expect.anything(), expect.anything()], remedy: { text: text('with TLS') } },
  });
});

test('a failure inside its WinRM names where to look', async () => {
  expect(await failure('500 No')).toMatchObject({
    info: { remedy: { command: text('Microsoft-Windows-WinRM/Operational') } },
  });
});

test.each(['Negotiate', 'Credssp'] as const)(
  '%s that is offered and then not gone on with is told as that',
  async (authentication) => {
    const name = authentication === 'Credssp' ? 'CredSSP' : authentication;
    expect(await failure('401 No', name, { authentication })).toMatchObject({
      kind: 'denied',
      message: `127.0.0.1 offers ${name}, and then does not go on with it.`,
      info: { remedy: { text: expect.anything() as unknown } },
    });
  },
);

test.each(['Negotiate', 'Credssp', 'Digest'] as const)(
  '403 before anybody signed in by %s lets no account in',
  async (authentication) => {
    const options = { authentication, allowBasicOverHttp: true };
    expect(await failure('403 No', '', options)).toMatchObject({
      kind: 'denied',
      message: '127.0.0.1 lets nobody sign in from here (HTTP 403).',
      info: { remedy: { command: text('IPv4Filter') } },
    });
  },
);

test('who takes the connection and says nothing of TLS is told as that, and not to be pinged', async () => {
  const endpoint = await rawServer((socket) => socket.resume());
  const channel = openChannel({ ...endpoint, scheme: 'https' }, LOGIN, { openTimeoutMs: 100 });
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    message: expect.stringMatching(
      /took the connection on port \d+ but said nothing of TLS within 0\.1 s/,
    ) as string,
    info: { remedy: { text: text('Check the port') } },
  });
  channel.close();
});

test.each([
  [0xc0000234, 'unlocked'],
  [0xc0000071, 'Change the password'],
  [0xc0000072, 'enabled'],
  [0xc000006d, 'Check user name and password'],
])('CredSSP’s NTSTATUS %i has a remedy of its own', (status, words) => {
  expect(refusedWith(status, true).info.remedy?.text).toContain(words);
});
