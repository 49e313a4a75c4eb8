import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOOPBACK = '127.0.0.1';

/** A KDC that takes every question, by UDP and TCP, and never answers; and a computer of its realm that offers Negotiate. */
export interface SilentKdc {
  /** An account of its realm. */
  readonly username: string;
  /** What leads the system's Kerberos there. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the computer, on `localhost`. */
  readonly port: number;
  /** Resolves with the first question: from then on a thread of whoever asks hangs. */
  readonly asked: Promise<void>;
  stop(): void;
}

export async function startSilentKdc(): Promise<SilentKdc> {
  const datagrams = createSocket('udp4');
  await new Promise<void>((resolve) => datagrams.bind(0, LOOPBACK, resolve));
  const kdc = datagrams.address().port;
  const sockets = new Set<Socket>();
  const stream = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await once(stream.listen(kdc, LOOPBACK), 'listening');
  const computer = createHttpServer((_, response) =>
    response.writeHead(401, { 'WWW-Authenticate': 'Negotiate' }).end(),
  );
  await once(computer.listen(0, 'localhost'), 'listening');
  const config = join(mkdtempSync(join(tmpdir(), 'pssm-silent-kdc-')), 'krb5.conf');
  writeFileSync(config, configOf(kdc));
  return {
    username: 'alice@SILENT.TEST',
    env: { KRB5_CONFIG: config },
    port: (computer.address() as AddressInfo).port, // a TCP server has no other address
    asked: Promise.race([once(datagrams, 'message'), once(stream, 'connection')]).then(() => undefined),
    stop: () => {
      datagrams.close();
      stream.close();
      for (const socket of sockets) socket.destroy();
      computer.close();
      computer.closeAllConnections();
    },
  };
}

const configOf = (port: number) => `[libdefaults]
  default_realm = SILENT.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  SILENT.TEST = {
    kdc = ${LOOPBACK}:${port}
  }
`;
