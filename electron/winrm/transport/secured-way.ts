import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Endpoint } from '../../../shared/computer.ts';
import { isOtherTls } from './failure.ts';
import { prepareTls, secure } from './tls.ts';
import type { TlsOptions } from './tls.ts';

/**
 * TLS over a connection that `open` makes. Windows asks for a client certificate in the middle of a connection, once it
 * has read that somebody wants to sign in so. TLS 1.2 answers with a second handshake; the way of TLS 1.3, which must be
 * offered from the start, is not in Node. So with a certificate TLS 1.2 comes first, and 1.3 where that is not spoken: some
 * say so, some say that nothing is in common, some break the connection off without a word.
 *
 * @throws WinRMError as `prepareTls`, `open` and `secure`
 */
export async function openSecured<W extends { readonly socket: Socket; readonly leftMs: number }>(
  endpoint: Endpoint,
  open: () => Promise<W>,
  options: TlsOptions,
  signal: AbortSignal,
): Promise<{ readonly way: W; readonly socket: TLSSocket }> {
  const attempt = async (how: TlsOptions) => {
    prepareTls(how);
    const way = await open();
    return { way, socket: await secure(way.socket, endpoint, way.leftMs, how, signal) };
  };
  if (!options.clientCertificate) return attempt(options);
  let isUnheard = false;
  const onUnheard = () => (isUnheard = true);
  try {
    return await attempt({ ...options, maxVersion: 'TLSv1.2', onUnheard });
  } catch (error) {
    if (!isUnheard && !isOtherTls(error)) throw error;
    return attempt(options);
  }
}
