import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';

export interface TlsOptions {
  readonly skipCACheck?: boolean;
  readonly skipCNCheck?: boolean;
  readonly pinnedCertificate?: string;
  readonly onWarning?: (sentence: string) => void;
}

export function secure(
  _tcp: Socket,
  _endpoint: Endpoint,
  _timeoutMs: number,
  _options: TlsOptions,
  _signal: AbortSignal,
): Promise<TLSSocket> {
  return Promise.reject(new WinRMError('internal', 'TLS comes next.'));
}
