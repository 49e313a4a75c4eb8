import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** Of the length that stands before each message over TCP (RFC 4120 7.2.2). */
const LENGTH_BYTES = 4;
/** `[1] INTEGER 2`: the padata-type of PA-ENC-TIMESTAMP, which proves the password. */
const PROOF = Buffer.from('a103020102', 'hex');

/** What becomes of a question: it is answered by the real KDC, or not. */
export type Breaking =
  | 'answers'
  | 'is silent'
  | 'closes on the proof'
  | 'resets on the proof'
  | 'answers the proof with half a message'
  | 'answers the proof with something else'
  | 'closes on the second question'
  | 'closes on all'
  | 'answers all with something else';

export interface BreakingKdc {
  readonly port: number;
  /** So many questions carried a proof of a password. */
  proofs(): number;
  stop(): Promise<void>;
}

/**
 * Stands before a real KDC, and breaks off, or not.
 *
 * @param address of loopback; MIT's library knows a KDC again by that alone, whatever its port
 */
export async function startBreakingKdc(kdc: number, how: Breaking, address = LOOPBACK): Promise<BreakingKdc> {
  let [proofs, questions] = [0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let question = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      question = Buffer.concat([question, bytes]);
      if (question.length < LENGTH_BYTES) return;
      if (question.length < LENGTH_BYTES + question.readUInt32BE(0)) return;
      const isProof = question.includes(PROOF);
      if (isProof) proofs++;
      if (how === 'is silent') return;
      const isSecond = ++questions > 1 && how === 'closes on the second question';
      if (how !== 'answers' && (isProof || isSecond || how.includes(' all'))) return broken(socket, how);
      const real = connect(kdc, LOOPBACK, () => real.write(question));
      real.on('error', () => socket.destroy()).pipe(socket);
    });
  });
  await once(server.listen(0, address), 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has no other address
    proofs: () => proofs,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function broken(socket: Socket, how: Breaking): void {
  if (how.startsWith('closes')) socket.end();
  else if (how.startsWith('resets')) socket.resetAndDestroy();
  else if (how.endsWith('half a message')) socket.end(Buffer.from([0, 0, 1, 0, 0x7e, 0x82]));
  else socket.end(framed('this is nothing that Kerberos knows'));
}

function framed(text: string): Buffer {
  const bytes = Buffer.from(`\0\0\0\0${text}`, 'latin1');
  bytes.writeUInt32BE(text.length);
  return bytes;
}
