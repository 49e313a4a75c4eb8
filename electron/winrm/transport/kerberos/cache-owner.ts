import { openKrb5 } from './krb5-library.ts';
import type { Krb5 } from './krb5-library.ts';
import { callAside, GivenUp } from './native-calls.ts';

/** A file is read at once; whoever keeps the tickets instead (KCM, a keyring) may be stopped, or slow. */
const LIMIT_MS = 2_000;

/**
 * Whose tickets the default cache holds, expired ones, too; empty where there are none, or that is not told in time. Asks
 * no KDC; but a cache need not be a file: one of the kernel's keyring or of KCM is asked for, on a thread aside.
 */
export type CacheOwner = () => Promise<string>;

/** GSS-API gives a ticket that is past its end, and then no name for it: its status is an error. */
export const cacheOwnerBy =
  (krb5: Krb5, limitMs = LIMIT_MS): CacheOwner =>
  () =>
    ownerOf(krb5, limitMs);

async function ownerOf(krb5: Krb5, limitMs: number): Promise<string> {
  const context = openKrb5(krb5);
  if (!context) return '';
  const { handle } = context;
  const [cache, principal, text] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
  const at = (memory: Buffer) => memory.readBigUInt64LE();
  const free = () => {
    if (at(text) !== 0n) krb5.krb5_free_unparsed_name(handle, at(text));
    if (at(principal) !== 0n) krb5.krb5_free_principal(handle, at(principal));
    if (at(cache) !== 0n) krb5.krb5_cc_close(handle, at(cache));
    context.free();
  };
  let isLate = false;
  try {
    const aside = { limitMs, late: free };
    if ((await callAside({ fn: krb5.krb5_cc_default, args: [handle, cache], ...aside })) !== 0) return '';
    const asked = { fn: krb5.krb5_cc_get_principal, args: [handle, at(cache), principal], ...aside };
    if ((await callAside(asked)) !== 0) return '';
    return krb5.krb5_unparse_name(handle, at(principal), text) === 0 ? krb5.text(at(text)) : '';
  } catch (error) {
    isLate = error instanceof GivenUp && error.goesOn;
    if (!(error instanceof GivenUp)) throw error;
    return '';
  } finally {
    if (!isLate) free();
  }
}
