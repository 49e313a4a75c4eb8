import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A function of a system library. */
export interface NativeFunction {
  (...args: readonly unknown[]): number;
  /** On a thread of libuv's pool; what is handed in must live until `done`. */
  async(...args: readonly [...unknown[], (error: unknown, result: number) => void]): void;
}

export interface NativeLibrary {
  func(name: string, result: string, args: readonly unknown[]): NativeFunction;
}

/** What is used of koffi. */
export interface Koffi {
  /** @param path null for what this process has loaded already */
  load(path: string | null): NativeLibrary;
  struct(members: Readonly<Record<string, unknown>>): unknown;
  pack(members: Readonly<Record<string, unknown>>): unknown;
  pointer(type: unknown): unknown;
  out(type: unknown): unknown;
  /** Copies memory. */
  decode(pointer: bigint, type: 'uint8_t', length: number): Uint8Array;
  /** Up to a zero where the length is -1. */
  decode(pointer: bigint, type: 'char16_t' | 'char', length: number): string;
  address(bytes: Uint8Array): bigint;
  config(options: { readonly async_stack_size: number }): unknown;
}

/** KDC traffic has buffers of 64 KB on the stack; koffi's own 128 KB are scarce. */
const STACK_BYTES = 1024 * 1024;

/**
 * A native package, so it is never bundled: it lies among the project's packages, beside `pssm`, or in the packaged
 * app's resources. Loaded with the first sign-in that could be Kerberos.
 *
 * @throws Error where it has no binary for this system
 */
export function loadKoffi(): Koffi {
  return (loaded ??= configured(requireNear(import.meta.filename) ?? requireNear(besideCommand())));
}

/** It takes its settings once. */
let loaded: Koffi | undefined;

function configured(koffi: Koffi | undefined): Koffi {
  if (!koffi) throw new Error('koffi, which calls it, has no binary for this system');
  koffi.config({ async_stack_size: STACK_BYTES });
  return koffi;
}

/** Electron's folder of what lies outside its archive. */
function besideCommand(): string | undefined {
  const { resourcesPath } = process as { resourcesPath?: string };
  return resourcesPath === undefined ? undefined : join(resourcesPath, 'cli/pssm.js');
}

function requireNear(file: string | undefined): Koffi | undefined {
  if (file === undefined) return undefined;
  try {
    return createRequire(file)('koffi') as Koffi;
  } catch {
    return undefined;
  }
}
