import { cacheOwnerBy } from './cache-owner.ts';
import type { CacheOwner } from './cache-owner.ts';
import { hostRealmBy } from './host-realm.ts';
import type { HostRealm } from './host-realm.ts';
import type { Koffi, NativeFunction } from './koffi.ts';
import { loadKrb5 } from './krb5-library.ts';
import { passwordLogonsBy } from './password-logon.ts';
import type { PasswordLogons } from './password-logon.ts';

/** The functions of RFC 2743 that a client needs, by their C names. */
const SIGNATURES = {
  // Out-parameters that hold a number or a handle are plain memory (`void *`): they must stay readable after a thread is done.
  gss_import_name: ['void *', 'buffer', 'oid', 'void *'],
  gss_release_name: ['void *', 'void *'],
  gss_canonicalize_name: ['void *', 'uintptr_t', 'oid', 'void *'],
  gss_display_name: ['void *', 'uintptr_t', 'out buffer', 'void *'],
  gss_acquire_cred: ['void *', 'uintptr_t', 'uint32_t', 'oid set', 'int', 'void *', 'void *', 'void *'],
  gss_acquire_cred_with_password: [
    ...['void *', 'uintptr_t', 'buffer', 'uint32_t', 'oid set', 'int', 'void *', 'void *', 'void *'],
  ],
  gss_inquire_cred: ['void *', 'uintptr_t', 'void *', 'void *', 'void *', 'void *'],
  gss_release_cred: ['void *', 'void *'],
  gss_init_sec_context: [
    ...['void *', 'uintptr_t', 'void *', 'uintptr_t', 'oid', 'uint32_t', 'uint32_t'],
    ...['channel bindings', 'buffer', 'void *', 'void *', 'void *', 'void *'],
  ],
  gss_delete_sec_context: ['void *', 'void *', 'void *'],
  gss_wrap: ['void *', 'uintptr_t', 'int', 'uint32_t', 'buffer', 'void *', 'out buffer'],
  gss_unwrap: ['void *', 'uintptr_t', 'buffer', 'out buffer', 'void *', 'void *'],
  gss_get_mic: ['void *', 'uintptr_t', 'uint32_t', 'buffer', 'out buffer'],
  gss_verify_mic: ['void *', 'uintptr_t', 'buffer', 'buffer', 'void *'],
  gss_display_status: ['void *', 'uint32_t', 'int', 'oid', 'void *', 'out buffer'],
  gss_release_buffer: ['void *', 'void *'],
} as const satisfies Record<string, readonly string[]>;

type GssFunction = keyof typeof SIGNATURES;

const IMPORT_CRED = ['void *', 'uintptr_t', 'uintptr_t', 'uintptr_t', 'void *'];

/** MIT's way from a cache, by its handle, to a credential of GSS-API; it reads memory alone. */
interface ImportsCache {
  readonly gss_krb5_import_cred: NativeFunction;
}

/** The system's GSS-API, as it is called. Memory is never freed by the collector alone: see each call. */
export type Gssapi = Readonly<Record<GssFunction, NativeFunction>> & {
  /** Copies what a gss_buffer_desc in `memory` points to, and frees that. */
  readonly takeBuffer: (memory: Buffer) => Uint8Array;
  readonly addressOf: (bytes: Buffer) => bigint;
  readonly hostRealm: HostRealm;
  /** Absent where only the library's one word tells whether a KDC is there, as in Apple's. */
  readonly passwordLogons?: (PasswordLogons & ImportsCache) | undefined;
  readonly cacheOwner?: CacheOwner | undefined;
  /** Whether a name may be a krb5_principal in memory, as in MIT's. */
  readonly takesPrincipals: boolean;
};

/** A gss_buffer_desc to hand in. */
export const bufferOf = (bytes: Uint8Array) => ({ length: bytes.length, value: bytes });
/** Room for a gss_buffer_desc, a handle or a number that the library writes. */
export const room = (bytes: 4 | 8 | 16 = 8): Buffer => Buffer.alloc(bytes);
export const handleIn = (memory: Buffer): bigint => memory.readBigUInt64LE();

const oid = (hex: string) => bufferOf(Buffer.from(hex, 'hex'));
export const OIDS = {
  kerberos: oid('2a864886f712010202'),
  /** GSS_KRB5_NT_PRINCIPAL_NAME. */
  principalName: oid('2a864886f71201020201'),
  /** GSS_KRB5_NT_ENTERPRISE_NAME, of MIT's 1.17. */
  enterpriseName: oid('2a864886f71201020206'),
  /** gss_nt_krb5_principal, of MIT's. */
  principal: oid('2a864886f71201020202'),
  /** GSS_C_NT_USER_NAME. */
  userName: oid('2a864886f71201020101'),
} as const;

/** Where the library lies, and what to say where it does not. */
export const LIBRARIES: Partial<Record<NodeJS.Platform, { names: readonly string[]; install: string }>> = {
  linux: {
    names: ['libgssapi_krb5.so.2'],
    install:
      'Its package is libgssapi-krb5-2 on Debian and Ubuntu, krb5-libs on Fedora and Red Hat, krb5 on Arch and openSUSE.',
  },
  darwin: {
    names: ['/System/Library/Frameworks/GSS.framework/GSS', 'libgssapi_krb5.dylib'],
    install: 'It is a part of macOS.',
  },
};

/** @throws Error where no library of these names is found */
export function loadGssapi(
  koffi: Koffi,
  names: readonly string[],
  { platform, arch }: NodeJS.Process,
): Gssapi {
  const library = firstOf(names, (name) => koffi.load(name));
  // Apple's header packs its structures on Intel.
  const struct = (members: Readonly<Record<string, unknown>>) =>
    platform === 'darwin' && arch === 'x64' ? koffi.pack(members) : koffi.struct(members);
  const buffer = struct({ length: 'size_t', value: 'void *' });
  const oidType = struct({ length: 'uint32_t', value: 'void *' });
  const types: Readonly<Record<string, unknown>> = {
    buffer: koffi.pointer(buffer),
    // Laid out by the library, so that it can be read after a thread is done and freed by its own means.
    'out buffer': 'void *',
    oid: koffi.pointer(oidType),
    'oid set': koffi.pointer(struct({ count: 'size_t', elements: koffi.pointer(oidType) })),
    'channel bindings': koffi.pointer(
      struct({
        initiator_addrtype: 'uint32_t',
        initiator_address: buffer,
        acceptor_addrtype: 'uint32_t',
        acceptor_address: buffer,
        application_data: buffer,
      }),
    ),
  };
  const entries = Object.entries(SIGNATURES).map(([name, args]) => [
    name,
    library.func(
      name,
      'uint32_t',
      args.map((arg) => types[arg] ?? arg),
    ),
  ]);
  const functions = Object.fromEntries(entries) as Record<GssFunction, NativeFunction>;
  const takeBuffer = (memory: Buffer): Uint8Array => {
    const [length, value] = [Number(memory.readBigUInt64LE(0)), memory.readBigUInt64LE(8)];
    const bytes = value === 0n ? new Uint8Array() : koffi.decode(value, 'uint8_t', length);
    functions.gss_release_buffer(room(4), memory);
    return bytes;
  };
  const krb5 = loadKrb5(koffi, platform);
  return {
    ...functions,
    takeBuffer,
    addressOf: (bytes) => koffi.address(bytes),
    hostRealm: hostRealmBy(krb5),
    passwordLogons: krb5 && {
      ...passwordLogonsBy(krb5),
      gss_krb5_import_cred: library.func('gss_krb5_import_cred', 'uint32_t', IMPORT_CRED),
    },
    cacheOwner: krb5 && cacheOwnerBy(krb5),
    takesPrincipals: platform !== 'darwin',
  };
}

function firstOf<T>(names: readonly string[], load: (name: string) => T): T {
  for (const name of names.slice(0, -1)) {
    try {
      return load(name);
    } catch {
      continue;
    }
  }
  return load(names.at(-1)!);
}
