import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';

/** For the tests beside it: servers on loopback that answer whatever they like. */
const open = new Set<Server | Socket>();

export function closeRawServers(): void {
  for (const one of open) {
    if ('destroy' in one) one.destroy();
    else one.close();
  }
  open.clear();
}

export async function rawServer(connected: (socket: Socket) => void): Promise<Endpoint> {
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    connected(socket);
  });
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is always of this form.
  const { port } = server.address() as AddressInfo;
  return { scheme: 'http', hostname: '127.0.0.1', port, path: '/wsman' };
}

export interface Received {
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** `answer` is called with each whole request, and the number of its connection; it writes what it likes. */
export async function requestServer(answer: (socket: Socket, request: Received, connection: number) => void) {
  const state = { requests: 0, connections: 0 };
  const endpoint = await rawServer((socket) => {
    const connection = ++state.connections;
    let pending = Buffer.alloc(0);
    socket.on('data', (piece) => {
      pending = Buffer.concat([pending, piece]);
      for (;;) {
        const end = pending.indexOf('\r\n\r\n');
        const head = pending.subarray(0, Math.max(0, end)).toString('latin1');
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (end < 0 || pending.length < end + 4 + length) return;
        const body = pending.subarray(end + 4, end + 4 + length);
        pending = pending.subarray(end + 4 + length);
        state.requests++;
        answer(
          socket,
          { authorization: /^authorization: (.*)$/im.exec(head)?.[1]?.trim(), body },
          connection,
        );
      }
    });
  });
  return { endpoint, state };
}
