import type { Koffi, NativeFunction } from './koffi.ts';

const P = 'void *';
/** Of krb5.h, by their C names. Out-parameters are plain memory. */
const SIGNATURES = {
  krb5_init_context: [P],
  krb5_free_context: [P],
  krb5_get_host_realm: [P, 'str', P],
  krb5_free_host_realm: [P, 'uintptr_t'],
  krb5_parse_name_flags: [P, P, 'int', P],
  krb5_unparse_name: [P, P, P],
  krb5_free_unparsed_name: [P, 'uintptr_t'],
  krb5_free_principal: [P, P],
  krb5_get_init_creds_opt_alloc: [P, P],
  krb5_get_init_creds_opt_set_out_ccache: [P, P, P],
  krb5_get_init_creds_opt_free: [P, P],
  krb5_init_creds_init: [P, P, P, P, 'int32_t', P, P],
  krb5_init_creds_set_password: [P, P, P],
  krb5_init_creds_get: [P, P],
  krb5_init_creds_free: [P, P],
  krb5_cc_new_unique: [P, 'str', P, P],
  krb5_cc_destroy: [P, P],
  krb5_cc_default: [P, P],
  krb5_cc_get_principal: [P, P, P],
  krb5_cc_close: [P, P],
} as const satisfies Record<string, readonly string[]>;

/** Heimdal has all of the above, and calls its library libkrb5.so.26; this one is MIT's alone, since 1.11. */
const OF_MIT = 'krb5_responder_list_questions';

/** The functions of MIT's libkrb5 that are used beside GSS-API. */
export type Krb5 = Readonly<Record<keyof typeof SIGNATURES, NativeFunction>> & {
  /** A text of the library's, up to its zero. */
  readonly text: (pointer: bigint) => string;
  /** The first of a list of pointers; 0 where it is empty. */
  readonly firstOf: (list: bigint) => bigint;
  /** What the library has to say of a status, with what it knows beyond the number. */
  readonly words: (context: bigint, status: number) => string;
};

/** What the calls of one question share. */
export interface Krb5Context {
  readonly handle: bigint;
  free(): void;
}

/**
 * The library that MIT's GSS-API stands on, so where that was loaded it is there. Apple's is Heimdal's under another name.
 *
 * @returns undefined where none that is MIT's is found
 */
export function loadKrb5(koffi: Koffi, platform: NodeJS.Platform): Krb5 | undefined {
  if (platform === 'darwin') return undefined;
  try {
    const library = koffi.load('libkrb5.so.3');
    library.func(OF_MIT, P, [P, P]);
    const entries = Object.entries(SIGNATURES).map(([name, args]) => [
      name,
      library.func(name, 'int32_t', args),
    ]);
    const text = (pointer: bigint) => koffi.decode(pointer, 'char', -1);
    const getMessage = library.func('krb5_get_error_message', 'uintptr_t', [P, 'int32_t']);
    const freeMessage = library.func('krb5_free_error_message', 'int32_t', [P, P]);
    return {
      ...(Object.fromEntries(entries) as Record<keyof typeof SIGNATURES, NativeFunction>),
      text,
      words: (context, status) => {
        const message = BigInt(getMessage(context, status));
        const words = text(message);
        freeMessage(context, message);
        return words;
      },
      firstOf: (list) => Buffer.from(koffi.decode(list, 'uint8_t', 8)).readBigUInt64LE(),
    };
  } catch {
    return undefined;
  }
}

/** @returns undefined where the library does not understand its own configuration */
export function openKrb5(krb5: Krb5): Krb5Context | undefined {
  const context = Buffer.alloc(8);
  if (krb5.krb5_init_context(context) !== 0) return undefined;
  const handle = context.readBigUInt64LE();
  return { handle, free: () => void krb5.krb5_free_context(handle) };
}
