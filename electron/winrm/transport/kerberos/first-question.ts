import { protocolError } from '../../auth/kerberos-failure.ts';
import type { NativeFunction } from './koffi.ts';
import { openKrb5 } from './krb5-library.ts';
import type { Krb5 } from './krb5-library.ts';

const PARSE_ENTERPRISE = 4;
/** More than a krb5_creds. */
const CREDS_BYTES = 512;
/**
 * The KDC answered, and the library now wants a password that it has no way to get: EIO; in other releases
 * KRB5_LIBOS_CANTREADPWD, or KRB5_PREAUTH_FAILED around either.
 */
const EIO = 5;
const UNREADABLE: readonly number[] = [130, 210];

/** A request for a ticket that carries no proof of any password. */
export interface FirstQuestion {
  /** To be called aside: it waits for a KDC. */
  readonly fn: NativeFunction;
  readonly args: readonly unknown[];
  /** What the arguments point to. */
  readonly keep: readonly unknown[];
  /** Gives its memory back, once the call has returned. */
  free(): void;
}

/** What of libkrb5 asks it. */
export interface FirstQuestions {
  /**
   * @param name of an account, as the library writes it
   * @returns undefined where the library does not understand the name or its own configuration: then nobody is asked
   */
  begin(name: string, isEnterprise: boolean): FirstQuestion | undefined;
}

/** Whether a KDC answered, so that what is told next is told to somebody. */
export const wantsPassword = (status: number): boolean =>
  status === 0 || status === EIO || UNREADABLE.includes(protocolError(status));

/**
 * The library asks for a ticket twice: first without a proof, which nobody counts, then with it. It has one word
 * (KRB5_KDC_UNREACH) for a KDC that is not there, and for one that was there and closed on the proof, which it may have
 * judged by then. So the first question is asked by itself before; after it that word means the latter.
 */
export const firstQuestionsBy = (krb5: Krb5): FirstQuestions => ({
  begin: (name, isEnterprise) => begin(krb5, name, isEnterprise),
});

function begin(krb5: Krb5, name: string, isEnterprise: boolean): FirstQuestion | undefined {
  const context = openKrb5(krb5);
  if (!context) return undefined;
  const { handle } = context;
  const principal = Buffer.alloc(8);
  const credentials = Buffer.alloc(CREDS_BYTES);
  const text = Buffer.from(`${name}\0`, 'utf8');
  const flags = isEnterprise ? PARSE_ENTERPRISE : 0;
  if (krb5.krb5_parse_name_flags(handle, text, flags, principal) !== 0) {
    context.free();
    return undefined;
  }
  const who = principal.readBigUInt64LE();
  return {
    fn: krb5.krb5_get_init_creds_password,
    args: [handle, credentials, who, null, null, null, 0, null, null],
    keep: [credentials],
    free: () => {
      krb5.krb5_free_cred_contents(handle, credentials);
      krb5.krb5_free_principal(handle, who);
      context.free();
    },
  };
}
