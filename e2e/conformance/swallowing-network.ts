import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a port of this machine that goes dead without a word: what is sent into it arrives nowhere. */
export interface SwallowingNetwork {
  readonly port: number;
  /** From now on nothing arrives on either side. */
  die(): void;
  /** As `die`, once a request with that text went through. */
  dieAfter(text: string): void;
  /** Settles once something was swallowed that the server had sent. */
  swallowed(): Promise<void>;
  /** New connections stand again; those that died stay dead. */
  heal(): void;
  stop(): Promise<void>;
}

/** @param to the port that it leads to */
export async function startSwallowingNetwork(to: number): Promise<SwallowingNetwork> {
  let isDead = false;
  let last: string | undefined;
  let hasSwallowed: () => void = () => undefined;
  const swallowed = new Promise<void>((resolve) => (hasSwallowed = resolve));
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const dead = { is: isDead };
    const check = () => (dead.is ||= isDead);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('data', (bytes) => {
      if (check()) return;
      far.write(bytes);
      if (last !== undefined && bytes.includes(last)) isDead = true;
    });
    far.on('data', (bytes) => (check() ? hasSwallowed() : void near.write(bytes)));
    near.on('close', () => far.destroy());
    far.on('close', () => check() || near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    die: () => (isDead = true),
    dieAfter: (text) => (last = text),
    swallowed: () => swallowed,
    heal: () => ([isDead, last] = [false, undefined]),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
