import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { openChannel } from './connection.ts';

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));
const never = new AbortController().signal;
const alice = { username: 'alice', password: 'Passw0rd!' };

type Handler = Parameters<typeof createServer>[1];
async function serve(handler: NonNullable<Handler>): Promise<Endpoint> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    scheme: 'http',
    hostname: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path: '/wsman',
  };
}

test('Basic goes with the first request, and all requests share one connection', async () => {
  const seen: unknown[] = [];
  const endpoint = await serve((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization, request.socket.remotePort]);
    response.setHeader('Content-Type', 'application/soap+xml;charset=UTF-8');
    response.end('<ok>é</ok>');
  });
  const channel = openChannel(endpoint, alice, { authentication: 'Basic', allowBasicOverHttp: true });
  expect(await Promise.all([channel.post('<a/>', never), channel.post('<b/>', never)])).toEqual([
    '<ok>é</ok>',
    '<ok>é</ok>',
  ]);
  channel.close();
  const [first, second] = seen;
  expect(first).toEqual(['POST', '/wsman', 'Basic YWxpY2U6UGFzc3cwcmQh', expect.any(Number)]);
  expect(second).toEqual(first);
});
