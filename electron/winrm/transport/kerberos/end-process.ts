import { loadKoffi } from './koffi.ts';

/**
 * Ends this process now, without waiting for its threads: what Node does at the end, process.reallyExit as well, waits
 * for each of libuv's, and one may be in a library that waits for a KDC. Nothing that is not written yet is written.
 *
 * @param code the exit code
 */
export function endProcess(code: number): void {
  const koffi = loadKoffi();
  if (process.platform === 'win32') {
    // ExitProcess would first call into every library, and wait for locks that the threads hold.
    const THIS_PROCESS = -1;
    koffi.load('kernel32.dll').func('TerminateProcess', 'int', ['intptr_t', 'uint32_t'])(THIS_PROCESS, code);
  } else {
    koffi.load(null).func('_exit', 'void', ['int'])(code);
  }
}
