import type { Endpoint } from '../../../../shared/computer.ts';
import { cutRecord, piecesOf, recordsLength } from '../../auth/credssp/tls-pieces.ts';
import { readSealed, sealedType, writeSealed } from '../../auth/sealed-mime.ts';
import type { SealedPart } from '../../auth/sealed-mime.ts';
import { WinRMError } from '../../error.ts';
import type { HttpReply, Line } from '../line.ts';
import { mediaType } from '../reply.ts';
import { openOnly } from '../sealed-exchange.ts';
import type { SignedIn } from '../sign-in.ts';
import { whenClosed } from '../when-closed.ts';
import type { MemoryTls } from './memory-tls.ts';

const SEALED_TYPES = ['multipart/encrypted', 'multipart/x-multi-encrypted'];

/** Requests over clear HTTP with their bodies sealed by the TLS of CredSSP, in pieces. */
export function sealedByTls(line: Line, tls: MemoryTls, endpoint: Endpoint): Omit<SignedIn, 'report'> {
  let isBusy = false;
  // A computer may close behind its answer, which has to be opened all the same.
  whenClosed(line.socket, () => isBusy || tls.destroy());
  const exchange: SignedIn['post'] = async (soap, signal) => {
    const parts = await seal(soap, line.soapType, tls);
    const headers = { 'Content-Type': sealedType('CredSSP', parts.length > 1) };
    const reply = await line.post({ headers, body: writeSealed(parts, 'CredSSP') }, signal);
    const isSealed = SEALED_TYPES.includes(mediaType(reply.contentType));
    return isSealed ? open(reply, tls) : openOnly(reply, endpoint);
  };
  return {
    isSealed: true,
    post: async (soap, signal) => {
      isBusy = true;
      try {
        return await exchange(soap, signal);
      } finally {
        isBusy = false;
        if (line.socket.destroyed) tls.destroy();
      }
    },
  };
}

async function seal(soap: Uint8Array, contentType: string, tls: MemoryTls): Promise<SealedPart[]> {
  const { standardName } = tls.socket.getCipher();
  const parts: SealedPart[] = [];
  for (const piece of piecesOf(soap)) {
    const record = await tls.seal(piece);
    const cut = cutRecord(record, piece.length, standardName);
    parts.push({ ...cut, contentType, plainLength: piece.length });
  }
  return parts;
}

async function open(reply: HttpReply, tls: MemoryTls): Promise<HttpReply> {
  const parts = readSealed(reply.body, reply.contentType, recordsLength);
  const plain: Uint8Array[] = [];
  for (const { header, data, plainLength } of parts) {
    const piece = await tls.open(Buffer.concat([header, data]));
    if (piece.length !== plainLength) {
      throw new WinRMError('protocol', 'A sealed message is not as long as it says; it is not trusted.', {
        causes: ['Something between alters the traffic.'],
        faultCode: 2150859001,
      });
    }
    plain.push(piece);
  }
  return { ...reply, contentType: parts[0]?.contentType ?? '', body: Buffer.concat(plain) };
}
