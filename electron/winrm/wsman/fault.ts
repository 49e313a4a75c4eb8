import { WinRMError } from '../error.ts';
import { parseXml } from '../parse-xml.ts';
import { child, find } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import { cut } from './cut.ts';
import { errorIdOf, FAULT, FAULT_MEANINGS } from './fault-codes.ts';
import { NAMESPACES } from './request.ts';
import type { WSManResponse } from './request.ts';

/** As much of a server's text as is kept; PowerShell reads no more either. */
const MAX_TEXT = 4096;

/** For servers that send no WSManFault: the code that the subcode of WS-Management stands for. */
const SUBCODES: ReadonlyMap<string, number> = new Map([
  ['TimedOut', FAULT.timedOut],
  ['AccessDenied', FAULT.accessDenied],
  ['InvalidSelectors', FAULT.invalidSelectors],
]);

/** An answer, with what says how it may be asked for again. */
export interface Answer extends WSManResponse {
  /** That of the request, in capitals, from a computer that keeps its answers for a client that lost one. */
  readonly operationId: string | undefined;
}

/**
 * The body of a SOAP answer.
 *
 * @param messageId of the request; an answer that names another one is refused. Undefined where no header is awaited.
 * @throws WinRMError the fault that it carries; 'protocol' when it is no SOAP, or not the answer to this request
 */
export function readResponse(soap: string, messageId: string | undefined): Answer {
  const envelope = parseXml(soap);
  const body = child(envelope, 'Body');
  if (envelope.name !== 'Envelope' || envelope.uri !== NAMESPACES.s || !body) {
    throw new WinRMError('protocol', 'The computer answered with XML that is not a SOAP 1.2 message.', {
      causes: ['Something other than WinRM answers on this port.'],
    });
  }
  const header = child(envelope, 'Header');
  const id = (name: string) => (header && child(header, name))?.text.trim().toUpperCase();
  const relatesTo = id('RelatesTo');
  if (messageId && relatesTo && relatesTo !== `UUID:${messageId.toUpperCase()}`) {
    throw new WinRMError('protocol', 'The computer sent the answer to another request.', {
      causes: ['A proxy in between mixed up its connections.'],
    });
  }
  const fault = child(body, 'Fault');
  if (fault) throw toError(fault);
  return { body, length: soap.length, operationId: id('OperationID')?.replace(/^UUID:/, '') };
}

function toError(fault: XmlElement): WinRMError {
  const wsman = find(fault, 'WSManFault');
  const code = codeOf(wsman) ?? codeOfSubcode(fault);
  const text = textOf(fault, wsman);
  if (code === undefined)
    return new WinRMError('fault', text ?? 'The computer answered with a fault that says nothing.', {
      isFault: true,
    });
  const { kind = 'fault', message, causes, remedy } = FAULT_MEANINGS.get(code) ?? {};
  return new WinRMError(kind, message ?? text ?? `The computer answered with the fault ${code}.`, {
    isFault: true,
    faultCode: code,
    ...(code !== 0 && { errorId: errorIdOf(code) }), // PowerShell has no word for none
    ...(causes && { causes }),
    ...(remedy && { remedy }),
    ...(text && { detail: text }),
  });
}

/** The Code attribute is decimal, signed or not; it counts as 32 bits. */
function codeOf(wsman: XmlElement | undefined): number | undefined {
  const code = wsman?.attributes.get('Code')?.trim() ?? '';
  return /^-?\d{1,19}$/.test(code) ? Number(BigInt.asUintN(32, BigInt(code))) : undefined;
}

function codeOfSubcode(fault: XmlElement): number | undefined {
  const subcode = find(fault, 'Subcode');
  const value = subcode && child(subcode, 'Value')?.text.trim();
  return value ? SUBCODES.get(value.slice(value.indexOf(':') + 1)) : undefined;
}

/** The innermost words: plugin faults nest a ProviderFault, which may nest a WSManFault, in f:Message. */
function textOf(fault: XmlElement, wsman: XmlElement | undefined): string | undefined {
  const message = wsman && child(wsman, 'Message');
  const reason = find(fault, 'Reason');
  const text = (message && innermostText(message)) || (reason && find(reason, 'Text')?.text);
  return text === undefined ? undefined : cut(text.trim(), MAX_TEXT) || undefined;
}

function innermostText(element: XmlElement): string {
  const inner = element.children.map(innermostText).find((text) => text.trim() !== '');
  return inner ?? element.text;
}
