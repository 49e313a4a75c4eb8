import type { KerberosSession } from '../../electron/winrm/auth/kerberos-provider.ts';
import type { SealedMessage } from '../../electron/winrm/auth/security-context.ts';
import {
  bufferOf,
  handleIn,
  LIBRARIES,
  loadGssapi,
  room,
} from '../../electron/winrm/transport/kerberos/gssapi-library.ts';
import { loadKoffi } from '../../electron/winrm/transport/kerberos/koffi.ts';
import { openSystemKerberos } from '../../electron/winrm/transport/kerberos/system-kerberos.ts';
import { missingKerberos, startRealm } from './kerberos-realm.ts';

/** The client's end as the app has it, and a server's by the same library, in one process. */
export interface KerberosPair {
  readonly client: KerberosSession;
  readonly server: { wrap(plain: Uint8Array): SealedMessage };
  close(): Promise<void>;
}

/** Two ends that signed in to each other by a KDC of this machine's, or why not. */
export async function openKerberosPair(): Promise<KerberosPair | { readonly missing: string }> {
  const missing = missingKerberos();
  if (missing !== undefined) return { missing };
  const realm = await startRealm();
  try {
    const logon = await openSystemKerberos().logOn(undefined);
    const client = logon.openSession('HTTP/localhost', undefined);
    logon.release();
    const server = acceptor();
    await client.step(server.accept((await client.step()) ?? new Uint8Array()));
    return { client, server, close: () => (client.release(), realm.stop()) };
  } catch (error) {
    await realm.stop();
    throw error;
  }
}

const TOKEN_HEADER = 16;
/** Of AES with SHA-1: a copy of the header and twelve bytes. */
const TRAILER = TOKEN_HEADER + 12;
const CONFOUNDER = 16;

function acceptor() {
  const koffi = loadKoffi();
  const names = LIBRARIES[process.platform]?.names ?? [];
  const gss = loadGssapi(koffi, names, process);
  const buffer = koffi.pointer(koffi.struct({ length: 'size_t', value: 'void *' }));
  const acceptContext = koffi
    .load(names[0] ?? '')
    .func('gss_accept_sec_context', 'uint32_t', [
      ...['void *', 'void *', 'uintptr_t', buffer, 'void *', 'void *'],
      ...['void *', 'void *', 'void *', 'void *', 'void *'],
    ]);
  const context = room();
  return {
    accept: (token: Uint8Array): Uint8Array => {
      const output = room(16);
      const asked = [room(4), context, 0n, bufferOf(token), null];
      const major = acceptContext(...asked, null, null, output, null, null, null);
      if (major !== 0) throw new Error(`The server did not accept the ticket: ${major.toString(16)}.`);
      return gss.takeBuffer(output);
    },
    wrap: (plain: Uint8Array): SealedMessage => {
      const output = room(16);
      const major = gss.gss_wrap(room(4), handleIn(context), 1, 0, bufferOf(plain), room(4), output);
      if (major !== 0) throw new Error(`The server did not seal: ${major.toString(16)}.`);
      return rotated(gss.takeBuffer(output));
    },
  };
}

/** As a Windows computer sends it: what follows the text stands before it (RFC 4121 4.2.5). */
function rotated(token: Uint8Array): SealedMessage {
  const head = token.slice(0, TOKEN_HEADER);
  new DataView(head.buffer).setUint16(6, TRAILER);
  const end = token.length - TRAILER;
  const text = token.subarray(TOKEN_HEADER, end);
  return {
    header: Buffer.concat([head, token.subarray(end), text.subarray(0, CONFOUNDER)]),
    data: text.slice(CONFOUNDER),
  };
}
