import { WinRMError } from '../error.ts';
import type { Exchange } from '../exchange.ts';
import { child } from '../xml.ts';

/** What answers at the other end (WS-Management Identify, DSP0226 11). */
export interface Identity {
  readonly protocolVersion: string;
  readonly productVendor: string;
  readonly productVersion: string;
}

export function* identify(): Exchange<Identity> {
  const { body } = yield { action: 'Identify', resourceUri: '' };
  const answer = child(body, 'IdentifyResponse');
  if (!answer) throw new WinRMError('protocol', 'The computer answered Identify with something else.');
  const text = (name: string) => child(answer, name)?.text.trim() ?? '';
  return {
    protocolVersion: text('ProtocolVersion'),
    productVendor: text('ProductVendor'),
    productVersion: text('ProductVersion'),
  };
}
