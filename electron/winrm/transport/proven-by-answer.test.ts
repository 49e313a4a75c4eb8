import { afterEach, expect, test } from 'vitest';
import { SEALED_TYPE, writeSealed } from '../auth/sealed-mime.ts';
import type { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import { liar, reply } from './liar-fixture.ts';
import { listening } from './login-fixture.ts';
import { closeRawServers } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const never = new AbortController().signal;
const SOAP = 'Content-Type: application/soap+xml;charset=UTF-8\r\n';
const ok = () => reply('200 OK', SOAP, '<ok/>');
const garbled = () => {
  const part = { header: new Uint8Array(16), data: Buffer.from('<ok/>'), plainLength: 5 };
  const body = writeSealed({ ...part, contentType: 'application/soap+xml;charset=UTF-8' });
  return reply('200 OK', `Content-Type: ${SEALED_TYPE}\r\n`, body);
};

test.each([
  ['nothing at all', reply('200 OK'), 'sent in clear what must be sealed'],
  ['in clear', ok(), 'sent in clear what must be sealed'],
  [
    'nothing of that it asks again',
    reply('401 No', 'WWW-Authenticate: Negotiate\r\n'),
    'did not let the request in',
  ],
  ['with a sealed body that does not open', garbled(), 'sealed'],
])(
  'Negotiate: a server that knows no password, says 200 and then %s, has not taken it',
  async (_, then, told) => {
    const { heard, beforeLogin } = listening();
    const endpoint = await liar(then);
    const channel = openChannel(endpoint, LOGIN, { beforeLogin });
    const error: unknown = await channel.post('<a/>', never).catch((reason: unknown) => reason);
    channel.close();
    expect(error).toMatchObject({ message: expect.stringContaining(told) as string });
    expect((error as WinRMError).kind).not.toBe('unauthenticated');
    expect(heard).toEqual(['asked', 'ended']);
  },
);
