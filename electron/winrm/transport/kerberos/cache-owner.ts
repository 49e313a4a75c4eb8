import type { Koffi, NativeFunction } from './koffi.ts';

const P = 'void *';
const SIGNATURES = {
  krb5_init_context: [P],
  krb5_cc_default: [P, P],
  krb5_cc_get_principal: [P, P, P],
  krb5_unparse_name: [P, P, P],
  krb5_free_unparsed_name: [P, 'uintptr_t'],
  krb5_free_principal: [P, P],
  krb5_cc_close: [P, P],
  krb5_free_context: [P],
} as const satisfies Record<string, readonly string[]>;

type Krb5 = Readonly<Record<keyof typeof SIGNATURES, NativeFunction>>;

/** Whose tickets the default cache holds, expired ones, too; empty where there are none. Reads a file, and asks no KDC. */
export type CacheOwner = () => string;

/**
 * GSS-API gives a ticket that is past its end, and then no name for it: its status is an error.
 *
 * @returns undefined where the library is not MIT's
 */
export function loadCacheOwner(koffi: Koffi, platform: NodeJS.Platform): CacheOwner | undefined {
  if (platform === 'darwin') return undefined;
  try {
    const library = koffi.load('libkrb5.so.3'); // libgssapi_krb5 stands on it, so it is there
    const entries = Object.entries(SIGNATURES).map(([name, args]) => [
      name,
      library.func(name, 'int32_t', args),
    ]);
    const krb5 = Object.fromEntries(entries) as Krb5;
    return () => ownerOf(krb5, koffi);
  } catch {
    return undefined;
  }
}

function ownerOf(krb5: Krb5, koffi: Koffi): string {
  const [context, cache, principal, text] = [8, 8, 8, 8].map((bytes) => Buffer.alloc(bytes)) as [
    ...[Buffer, Buffer, Buffer, Buffer],
  ];
  const at = (memory: Buffer) => memory.readBigUInt64LE();
  if (krb5.krb5_init_context(context) !== 0) return '';
  try {
    if (krb5.krb5_cc_default(at(context), cache) !== 0) return '';
    if (krb5.krb5_cc_get_principal(at(context), at(cache), principal) !== 0) return '';
    if (krb5.krb5_unparse_name(at(context), at(principal), text) !== 0) return '';
    return koffi.decode(at(text), 'char', -1);
  } finally {
    if (at(text) !== 0n) krb5.krb5_free_unparsed_name(at(context), at(text));
    if (at(principal) !== 0n) krb5.krb5_free_principal(at(context), at(principal));
    if (at(cache) !== 0n) krb5.krb5_cc_close(at(context), at(cache));
    krb5.krb5_free_context(at(context));
  }
}
