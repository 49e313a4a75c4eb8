import type { Koffi, NativeFunction } from '../kerberos/koffi.ts';

const P = 'void *';
const U = 'uint32_t';
/** Handles and contexts are numbers here: they are only handed on. */
const H = 'uintptr_t';
const SIGNATURES = {
  CertOpenStore: [H, [H, U, H, U, P]],
  CertFindCertificateInStore: [H, [H, U, U, U, P, H]],
  CertGetCertificateContextProperty: ['int32_t', [H, U, P, P]],
  CertAddCertificateContextToStore: ['int32_t', [H, H, U, P]],
  PFXExportCertStoreEx: ['int32_t', [H, P, 'str16', P, U]],
  CertFreeCertificateContext: ['int32_t', [H]],
  CertCloseStore: ['int32_t', [H, U]],
} as const satisfies Record<string, readonly [result: string, args: readonly string[]]>;

type Crypt32Function = keyof typeof SIGNATURES;

/** Windows' certificate stores, as they are called; 64-bit only. Written from Microsoft's documentation, and run on no Windows yet. */
export type Crypt32 = Readonly<Record<Crypt32Function, NativeFunction>> & {
  readonly addressOf: (bytes: Buffer) => bigint;
};

/** @throws Error where it cannot be loaded */
export function loadCrypt32(koffi: Koffi): Crypt32 {
  const library = koffi.load('crypt32.dll');
  const functions = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, [result, args]]) => [name, library.func(name, result, args)]),
  ) as Record<Crypt32Function, NativeFunction>;
  return { ...functions, addressOf: (bytes) => koffi.address(bytes) };
}
