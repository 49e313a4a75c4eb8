import { timingSafeEqual } from 'node:crypto';
import { WinRMError } from '../error.ts';
import { hmacMd5, md5 } from './ntlm-keys.ts';
import { Rc4 } from './rc4.ts';
import type { SealedMessage } from './security-context.ts';

export type Side = 'client' | 'server';

const magic = (side: Side, use: 'signing' | 'sealing') =>
  new TextEncoder().encode(
    `session key to ${side === 'client' ? 'client-to-server' : 'server-to-client'} ${use} key magic constant\0`,
  );

export const SIGNATURE_LENGTH = 16;

/** One direction of a session: its keys, its running key stream, its count. */
class Direction {
  readonly #signKey: Uint8Array;
  readonly #sealKey: Uint8Array;
  #stream: Rc4;
  #sequence = 0;

  constructor(sessionKey: Uint8Array, sender: Side) {
    this.#signKey = md5(sessionKey, magic(sender, 'signing'));
    this.#sealKey = md5(sessionKey, magic(sender, 'sealing'));
    this.#stream = new Rc4(this.#sealKey);
  }

  apply(bytes: Uint8Array): Uint8Array {
    return this.#stream.apply(bytes);
  }

  /** The signature of the next message; its checksum is sealed, since keys were exchanged. */
  sign(plain: Uint8Array): Uint8Array {
    const signature = new Uint8Array(SIGNATURE_LENGTH);
    const view = new DataView(signature.buffer);
    view.setUint32(0, 1, true);
    view.setUint32(12, this.#sequence, true);
    signature.set(
      this.#stream.apply(hmacMd5(this.#signKey, signature.subarray(12), plain).subarray(0, 8)),
      4,
    );
    this.#sequence = (this.#sequence + 1) >>> 0;
    return signature;
  }

  restart(): void {
    this.#stream = new Rc4(this.#sealKey);
  }
}

/**
 * Signing and sealing of a session with extended session security, key exchange and 128 bit keys, the only form that
 * we negotiate (MS-NLMP 3.4.4.2, 3.4.5). Messages must be opened in the order in which they were sealed.
 */
export class NtlmSealing {
  readonly #outgoing: Direction;
  readonly #incoming: Direction;

  constructor(sessionKey: Uint8Array, side: Side) {
    this.#outgoing = new Direction(sessionKey, side);
    this.#incoming = new Direction(sessionKey, side === 'client' ? 'server' : 'client');
  }

  wrap(plain: Uint8Array): SealedMessage {
    const data = this.#outgoing.apply(plain);
    return { header: this.#outgoing.sign(plain), data };
  }

  /** @throws WinRMError 'protocol' when the signature does not hold: changed, replayed, out of order, another key */
  unwrap({ header, data }: SealedMessage): Uint8Array {
    const plain = this.#incoming.apply(data);
    demand(header, this.#incoming.sign(plain));
    return plain;
  }

  /** A signature over what is not sealed (GSS_GetMIC). */
  sign(message: Uint8Array): Uint8Array {
    return this.#outgoing.sign(message);
  }

  verify(message: Uint8Array, signature: Uint8Array): void {
    demand(signature, this.#incoming.sign(message));
  }

  /** SPNEGO signs its list of mechanisms with this session; the key stream then begins anew, the count goes on (MS-SPNG 3.3.5.1). */
  restartOutgoing(): void {
    this.#outgoing.restart();
  }

  restartIncoming(): void {
    this.#incoming.restart();
  }
}

function demand(given: Uint8Array, due: Uint8Array): void {
  if (given.length === due.length && timingSafeEqual(given, due)) return;
  throw new WinRMError(
    'protocol',
    'A sealed message was changed on its way, or did not come from this computer.',
    {
      causes: ['Something between alters the traffic.', 'An answer was replayed or came out of order.'],
      faultCode: 2150859001,
    },
  );
}
