import { OIDS } from './gssapi-library.ts';
import type { Gssapi } from './gssapi-library.ts';

/** KRB5_NT_SRV_INST: what Windows asks for, too. No library looks such a name up in DNS, and every KDC refers it on. */
const SERVICE_AND_INSTANCE = 2;
const POINTER = 8;
const KRB5_DATA = 16;
const KRB5_PRINCIPAL = 40;

/** For gss_import_name. */
export interface ServiceName {
  readonly bytes: Buffer;
  readonly kind: (typeof OIDS)[keyof typeof OIDS];
  /** What `bytes` points to: to be kept as long as the name is used. */
  readonly keep: Buffer;
}

/**
 * The name of a service exactly as it was given, as Windows takes it. A name of the kind that GSS-API has for services
 * (GSS_C_NT_HOSTBASED_SERVICE) would not do: MIT's library asks DNS, forwards and backwards, for another one by default,
 * so that whoever answers for DNS chooses whom the ticket is for.
 *
 * The realm is that of `domain_realm` in krb5.conf with MIT's library; without one, and always with Apple's, it is left
 * to the KDC to refer to it. Capitals mean nothing in a computer's name, and MIT's KDC has none.
 *
 * @param spn `HTTP/web01.lab.test`, with `:port` where it has one
 */
export function serviceName(
  spn: string,
  { addressOf, hostRealm, takesPrincipals }: Pick<Gssapi, 'addressOf' | 'hostRealm' | 'takesPrincipals'>,
): ServiceName {
  const slash = spn.indexOf('/');
  const [service, host] = [spn.slice(0, slash), spn.slice(slash + 1).toLowerCase()];
  const realm = hostRealm(/^[^:]*:\d+$/.test(host) ? host.slice(0, host.indexOf(':')) : host);
  if (!takesPrincipals) {
    const bytes = Buffer.from(`${service}/${host}@${realm}`, 'utf8');
    return { bytes, kind: OIDS.principalName, keep: bytes };
  }
  const keep = layOutPrincipal([service, host], realm, addressOf);
  return { bytes: keep.subarray(0, POINTER), kind: OIDS.principal, keep };
}

/** A krb5_principal (krb5.h of MIT's library, 64-bit), and what it points to behind it. */
export function layOutPrincipal(
  parts: readonly string[],
  realm: string,
  addressOf: (bytes: Buffer) => bigint,
): Buffer {
  const texts = [realm, ...parts].map((text) => Buffer.from(`${text}\0`, 'utf8'));
  const head = POINTER + KRB5_PRINCIPAL + KRB5_DATA * parts.length;
  const memory = Buffer.concat([Buffer.alloc(head), ...texts]);
  const start = addressOf(memory);
  let text = head;
  // Each is a krb5_data: magic, length, pointer.
  const point = (at: number, bytes: Buffer) => {
    memory.writeUInt32LE(bytes.length - 1, at + 4);
    memory.writeBigUInt64LE(start + BigInt(text), at + 8);
    text += bytes.length;
  };
  texts.forEach((bytes, i) => {
    point(i === 0 ? POINTER + 8 : POINTER + KRB5_PRINCIPAL + KRB5_DATA * (i - 1), bytes);
  });
  memory.writeBigUInt64LE(start + BigInt(POINTER), 0);
  memory.writeBigUInt64LE(start + BigInt(POINTER + KRB5_PRINCIPAL), POINTER + 24);
  memory.writeInt32LE(parts.length, POINTER + 32);
  memory.writeInt32LE(SERVICE_AND_INSTANCE, POINTER + 36);
  return memory;
}
