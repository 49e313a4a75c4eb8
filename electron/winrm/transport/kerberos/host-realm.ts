import { openKrb5 } from './krb5-library.ts';
import type { Krb5 } from './krb5-library.ts';

/** The realm that this machine's krb5.conf names for a computer (`domain_realm`); empty where it names none. */
export type HostRealm = (host: string) => string;

/**
 * By MIT's library alone: Apple's (Heimdal) would ask DNS for a TXT record and then guess, so there the realm is left to
 * the KDC.
 */
export function hostRealmBy(krb5: Krb5 | undefined): HostRealm {
  if (!krb5) return () => '';
  return (host) => {
    const context = openKrb5(krb5);
    if (!context) return '';
    const { handle, free } = context;
    const realms = Buffer.alloc(8);
    try {
      if (krb5.krb5_get_host_realm(handle, host, realms) !== 0) return '';
      const list = realms.readBigUInt64LE();
      const first = krb5.firstOf(list);
      const realm = first === 0n ? '' : krb5.text(first);
      krb5.krb5_free_host_realm(handle, list);
      return realm;
    } finally {
      free();
    }
  };
}
