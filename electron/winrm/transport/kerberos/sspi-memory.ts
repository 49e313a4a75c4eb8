/** Of SecBuffer (sspi.h). */
export const SECBUFFER = { data: 1, token: 2, padding: 9, stream: 10, channelBindings: 14 } as const;

export interface SecBuffer {
  readonly type: (typeof SECBUFFER)[keyof typeof SECBUFFER];
  readonly bytes: Buffer;
}

/** A SecBufferDesc in memory, laid out for 64-bit Windows, and what came of it. */
export interface SecBuffers {
  readonly description: Buffer;
  /** What the library left in one of them: fewer bytes of it, or where else it points. */
  readonly at: (index: number) => { readonly length: number; readonly pointer: bigint };
  /** All that the description points to: to be kept as long as the library may read it. */
  readonly keep: readonly Buffer[];
}

const ENTRY = 16;
const SECBUFFER_VERSION = 0;

/** @param addressOf where the bytes of a buffer lie */
export function layOutBuffers(
  buffers: readonly SecBuffer[],
  addressOf: (bytes: Buffer) => bigint,
): SecBuffers {
  const table = Buffer.alloc(ENTRY * buffers.length);
  buffers.forEach(({ type, bytes }, i) => {
    table.writeUInt32LE(bytes.length, i * ENTRY);
    table.writeUInt32LE(type, i * ENTRY + 4);
    table.writeBigUInt64LE(bytes.length === 0 ? 0n : addressOf(bytes), i * ENTRY + 8);
  });
  const description = Buffer.alloc(16);
  description.writeUInt32LE(SECBUFFER_VERSION, 0);
  description.writeUInt32LE(buffers.length, 4);
  description.writeBigUInt64LE(addressOf(table), 8);
  return {
    description,
    at: (index) => ({
      length: table.readUInt32LE(index * ENTRY),
      pointer: table.readBigUInt64LE(index * ENTRY + 8),
    }),
    keep: [table, ...buffers.map(({ bytes }) => bytes)],
  };
}

const UNICODE = 2;

/**
 * SEC_WINNT_AUTH_IDENTITY_W; lengths are in characters.
 *
 * @returns with what it points to, the password among it: to be wiped
 */
export function layOutIdentity(
  parts: { readonly user: string; readonly domain: string; readonly password: string },
  addressOf: (bytes: Buffer) => bigint,
): { readonly identity: Buffer; readonly keep: readonly Buffer[] } {
  const texts = [parts.user, parts.domain, parts.password].map((text) => Buffer.from(`${text}\0`, 'utf16le'));
  const identity = Buffer.alloc(48);
  texts.forEach((text, i) => {
    identity.writeBigUInt64LE(addressOf(text), i * 16);
    identity.writeUInt32LE(text.length / 2 - 1, i * 16 + 8);
  });
  identity.writeUInt32LE(UNICODE, 44);
  return { identity, keep: texts };
}

/** SEC_CHANNEL_BINDINGS with nothing but application data, which follows it. */
export function layOutBindings(applicationData: Uint8Array): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(applicationData.length, 24);
  head.writeUInt32LE(head.length, 28);
  return Buffer.concat([head, applicationData]);
}
