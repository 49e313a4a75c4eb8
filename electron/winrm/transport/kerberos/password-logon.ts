import { protocolError } from '../../auth/kerberos-failure.ts';
import { openKrb5 } from './krb5-library.ts';
import type { Krb5 } from './krb5-library.ts';
import type { Aside } from './native-calls.ts';

const PARSE_ENTERPRISE = 4;
/**
 * The KDC answered, and the library now wants a password that it has no way to get: KRB5_PREAUTH_FAILED; EIO where the
 * account needs no pre-authentication, and in other releases; KRB5_LIBOS_CANTREADPWD around either.
 */
const EIO = 5;
const UNREADABLE: readonly number[] = [130, 210];

/** Whose, as the library writes it. */
interface PasswordName {
  readonly text: string;
  readonly isEnterprise: boolean;
}

/** A first ticket for a password, asked for in two steps. Both wait for a KDC, so they are to be called aside. */
export interface PasswordLogon {
  /** A request that carries no proof of any password. */
  readonly question: Aside;
  /** The same with it: what the library says of this one it says of the password. */
  readonly proof: Aside;
  /** In memory; holds the ticket after the proof. */
  readonly cache: bigint;
  /** What the library says of how a step ended. */
  words(status: number): string;
  /** Gives back the memory of the requests, and with it the library's copy of the password, once no call is out. */
  forget(): void;
  /** The cache, too. */
  free(): void;
}

/** What of libkrb5 asks for it. */
export interface PasswordLogons {
  /** @returns undefined where the library does not understand the name or its own configuration: then nobody is asked */
  begin(name: PasswordName, password: string): PasswordLogon | undefined;
}

/** Whether a KDC answered, so that what is told next is told to somebody. */
export const wantsPassword = (status: number): boolean =>
  status === 0 || status === EIO || UNREADABLE.includes(protocolError(status));

/**
 * The library asks for a ticket twice: first without a proof, which nobody counts, then with it. It has one word
 * (KRB5_KDC_UNREACH) for a KDC that is not there, and for one that was there and closed on the proof, which it may have
 * judged by then. So the first question is asked by itself before; after it that word means the latter.
 *
 * Neither by krb5_get_init_creds_password, nor by gss_acquire_cred_with_password, which stands on it: what a replica
 * refuses that asks the realm's primary for as well, so a wrong password would be proven twice, and a primary that is
 * silent waited for.
 */
export const passwordLogonsBy = (krb5: Krb5): PasswordLogons => ({
  begin: (name, password) => begin(krb5, name, password),
});

function begin(
  krb5: Krb5,
  { text, isEnterprise }: PasswordName,
  password: string,
): PasswordLogon | undefined {
  const context = openKrb5(krb5);
  if (!context) return undefined;
  const { handle } = context;
  const [principal, cache, options, question, proof] = [
    pointer(),
    pointer(),
    pointer(),
    pointer(),
    pointer(),
  ];
  const name = Buffer.from(`${text}\0`, 'utf8');
  const secret = Buffer.from(`${password}\0`, 'utf8');
  const forget = () => {
    for (const request of [question, proof]) given(request, (at) => krb5.krb5_init_creds_free(handle, at));
    given(options, (at) => krb5.krb5_get_init_creds_opt_free(handle, at));
    given(principal, (at) => krb5.krb5_free_principal(handle, at));
  };
  const free = () => {
    forget();
    given(cache, (at) => krb5.krb5_cc_destroy(handle, at));
    context.free();
  };
  const request = (memory: Buffer, options: bigint | null) =>
    krb5.krb5_init_creds_init(handle, at(principal), null, null, 0, options, memory);
  const steps = [
    () => krb5.krb5_parse_name_flags(handle, name, isEnterprise ? PARSE_ENTERPRISE : 0, principal),
    () => krb5.krb5_cc_new_unique(handle, 'MEMORY', null, cache),
    () => krb5.krb5_get_init_creds_opt_alloc(handle, options),
    () => krb5.krb5_get_init_creds_opt_set_out_ccache(handle, at(options), at(cache)),
    () => request(question, null),
    () => request(proof, at(options)),
    () => krb5.krb5_init_creds_set_password(handle, at(proof), secret),
  ];
  const isReady = steps.every((step) => step() === 0);
  secret.fill(0);
  if (!isReady) {
    free();
    return undefined;
  }
  const sent = (memory: Buffer) => ({ fn: krb5.krb5_init_creds_get, args: [handle, at(memory)] });
  const words = (status: number) => krb5.words(handle, status);
  return { question: sent(question), proof: sent(proof), cache: at(cache), words, forget, free };
}

const pointer = (): Buffer => Buffer.alloc(8);
const at = (memory: Buffer): bigint => memory.readBigUInt64LE();

/** Gives back once what was made, if it was. */
function given(memory: Buffer, back: (pointer: bigint) => unknown): void {
  const made = at(memory);
  memory.fill(0);
  if (made !== 0n) back(made);
}
