import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosCause, KerberosQuestion } from '../../auth/kerberos-failure.ts';
import type { WinRMError } from '../../error.ts';
import type { Koffi, NativeFunction } from './koffi.ts';

const P = 'void *';
const U = 'uint32_t';
const SIGNATURES = {
  AcquireCredentialsHandleW: ['str16', 'str16', U, P, P, P, P, P, P],
  InitializeSecurityContextW: [P, P, 'str16', U, U, U, P, U, P, P, P, P],
  QueryContextAttributesW: [P, U, P],
  QueryCredentialsAttributesW: [P, U, P],
  EncryptMessage: [P, U, P, U],
  DecryptMessage: [P, P, U, P],
  MakeSignature: [P, U, P, U],
  VerifySignature: [P, P, U, P],
  FreeContextBuffer: ['uintptr_t'],
  DeleteSecurityContext: [P],
  FreeCredentialsHandle: [P],
} as const satisfies Record<string, readonly string[]>;

type SspiFunction = keyof typeof SIGNATURES;

/** Windows' SSPI, as it is called; 64-bit only. Written from Microsoft's documentation, and run on no Windows yet. */
export type Sspi = Readonly<Record<SspiFunction, NativeFunction>> & {
  readonly addressOf: (bytes: Buffer) => bigint;
  readonly copy: (pointer: bigint, length: number) => Uint8Array;
  /** A string that ends with a zero. */
  readonly text: (pointer: bigint) => string;
};

/** @throws Error where it cannot be loaded */
export function loadSspi(koffi: Koffi): Sspi {
  const library = koffi.load('secur32.dll');
  const functions = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, args]) => [name, library.func(name, 'int32_t', args)]),
  ) as Record<SspiFunction, NativeFunction>;
  return {
    ...functions,
    addressOf: (bytes) => koffi.address(bytes),
    copy: (pointer, length) => koffi.decode(pointer, 'uint8_t', length),
    text: (pointer) => koffi.decode(pointer, 'char16_t', -1),
  };
}

export const SEC_E_OK = 0;
export const SEC_I_CONTINUE_NEEDED = 0x00090312;

const CAUSES: Readonly<Record<number, KerberosCause>> = {
  0x80090303: 'unknownService', // SEC_E_TARGET_UNKNOWN
  0x8009030c: 'wrongPassword', // SEC_E_LOGON_DENIED
  0x8009030d: 'noTicket', // SEC_E_UNKNOWN_CREDENTIALS
  0x8009030e: 'noTicket', // SEC_E_NO_CREDENTIALS
  0x80090311: 'kdcUnreachable', // SEC_E_NO_AUTHENTICATING_AUTHORITY
  0x80090317: 'ticketExpired', // SEC_E_CONTEXT_EXPIRED
  0x80090322: 'wrongKey', // SEC_E_WRONG_PRINCIPAL
  0x80090324: 'clockSkew', // SEC_E_TIME_SKEW
  0x80090346: 'ticketRefused', // SEC_E_BAD_BINDINGS
};

/** That it is locked, disabled or expired, or the password is, is the same status as that this is wrong. */
const LOGON_DENIED = 0x8009030c;

/** @param status of SSPI */
export function sspiFailure(status: number, question: KerberosQuestion): WinRMError {
  const code = status >>> 0;
  return kerberosFailure(CAUSES[code] ?? 'other', {
    ...question,
    detail: `SSPI 0x${code.toString(16).toUpperCase()}`,
    isVague: code === LOGON_DENIED,
  });
}
