import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** A chain of more certificates is nobody's. */
const MAX_CHAIN = 10;

/** DER of the computer's own certificate, then those that it rests on, up to the root where that is known. */
export function peerChain(socket: TLSSocket): readonly Buffer[] {
  const chain: Buffer[] = [];
  // Declared as always there; neither is, where the server showed none or its issuer is not known.
  let next = socket.getPeerCertificate(true) as Partial<DetailedPeerCertificate> | undefined;
  while (next?.raw && chain.length < MAX_CHAIN) {
    const { raw } = next;
    if (chain.some((one) => one.equals(raw))) break;
    chain.push(raw);
    next = next.issuerCertificate;
  }
  return chain;
}
