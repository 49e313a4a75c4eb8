import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readClientCertificate } from '../auth/read-client-certificate.ts';
import { SHA1_PEM } from '../auth/client-certificate-fixture.ts';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, rawServer } from './raw-server.ts';

afterEach(closeRawServers);

const never = new AbortController().signal;
const readPem = (pem: string) => readClientCertificate(Buffer.from(pem), '');

/** Asks a server that does with each connection what it likes; how often it was asked. */
async function ask(
  credential: ClientCertificate | { readonly username: string; readonly password: string },
  connected: (socket: Socket, connection: number) => void,
  options: ChannelOptions = {},
) {
  let connections = 0;
  const endpoint = await rawServer((socket) => connected(socket, ++connections));
  const channel = openChannel({ ...endpoint, scheme: 'https' }, credential, options);
  const outcome = await channel.post('<a/>', never).catch((error: unknown) => error);
  channel.close();
  return { outcome, connections };
}

test('a certificate that the TLS of this machine does not load is told as that, before a connection is made', async () => {
  const { outcome, connections } = await ask(readPem(SHA1_PEM), () => undefined);
  expect(outcome).toMatchObject({
    kind: 'invalid',
    message: 'The TLS of this machine does not take the certificate of carol.',
    info: { detail: 'ERR_SSL_CA_MD_TOO_WEAK', causes: [expect.stringContaining('SHA-1')] },
  });
  expect(connections).toBe(0);
});
