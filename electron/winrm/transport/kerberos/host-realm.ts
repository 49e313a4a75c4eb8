import type { Koffi, NativeLibrary } from './koffi.ts';

/** The realm that this machine's krb5.conf names for a computer (`domain_realm`); empty where it names none. */
export type HostRealm = (host: string) => string;

/**
 * By the krb5 library that GSS-API itself stands on. Apple's (Heimdal) would ask DNS for a TXT record and then guess, so
 * there the realm is left to the KDC.
 */
export function loadHostRealm(koffi: Koffi, library: NativeLibrary, platform: NodeJS.Platform): HostRealm {
  if (platform === 'darwin') return () => '';
  const handle = 'uintptr_t';
  try {
    const krb5 = {
      init: library.func('krb5_init_context', 'int32_t', ['void *']),
      free: library.func('krb5_free_context', 'void', [handle]),
      realms: library.func('krb5_get_host_realm', 'int32_t', [handle, 'str', 'void *']),
      freeRealms: library.func('krb5_free_host_realm', 'int32_t', [handle, handle]),
    };
    return (host) => {
      const [context, realms] = [Buffer.alloc(8), Buffer.alloc(8)];
      if (krb5.init(context) !== 0) return '';
      const open = context.readBigUInt64LE();
      try {
        if (krb5.realms(open, host, realms) !== 0) return '';
        const list = realms.readBigUInt64LE();
        const first = Buffer.from(koffi.decode(list, 'uint8_t', 8)).readBigUInt64LE();
        const realm = first === 0n ? '' : koffi.decode(first, 'char', -1);
        krb5.freeRealms(open, list);
        return realm;
      } finally {
        krb5.free(open);
      }
    };
  } catch {
    // A library that keeps these to itself leaves it to the KDC.
    return () => '';
  }
}
