import { parseXml } from '../winrm/parse-xml.ts';
import { child, find, xml } from '../winrm/xml.ts';
import type { Xml, XmlElement } from '../winrm/xml.ts';
import { ACTIONS, NAMESPACES } from '../winrm/wsman/request.ts';
import type { Action } from '../winrm/wsman/request.ts';
import { parseDuration } from './duration.ts';
import { Fault, FAULTS } from './fault.ts';
import type { FaultForm } from './fault.ts';

/** A request as the simulated computer reads it. */
export interface SimulatedRequest {
  /** Undefined for an action that no WinRM knows. */
  readonly action: Action | undefined;
  readonly actionUri: string;
  readonly resourceUri: string;
  readonly to: string;
  readonly messageId: string | undefined;
  /** Capitals, no `uuid:`; empty when the client sent none. */
  readonly sessionId: string;
  readonly operationId: string | undefined;
  readonly sequenceId: string;
  /** The answer to it was lost, says the client. */
  readonly isRepeated: boolean;
  readonly operationTimeoutMs: number;
  /** What the client's MaxEnvelopeSize leaves for the body of the answer. */
  readonly roomBytes: number;
  readonly locale: string;
  readonly dataLocale: string;
  readonly wantsCompression: boolean;
  readonly options: ReadonlyMap<string, string>;
  readonly shellId: string | undefined;
  /** First child of the body. */
  readonly payload: XmlElement | undefined;
}

const OPERATION_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
const ENVELOPE_OVERHEAD_BYTES = 2048;

/** @throws WinRMError 'protocol' when it is no XML, Fault when a header does not hold what it should */
export function readRequest(soap: string): SimulatedRequest {
  const envelope = parseXml(soap);
  const header = child(envelope, 'Header');
  const payload = child(envelope, 'Body')?.children[0];
  const text = (name: string) => (header && child(header, name)?.text.trim()) || undefined;
  const language = (uri: string, name: string) =>
    header?.children.find((one) => one.name === name && one.uri === uri)?.attributes.get('lang') ?? 'en-US';
  const actionUri = text('Action') ?? '';
  const isIdentify = payload?.name === 'Identify';
  const options = (header && child(header, 'OptionSet')?.children) ?? [];
  return {
    action: isIdentify ? 'Identify' : ACTION_BY_URI.get(actionUri),
    actionUri,
    resourceUri: text('ResourceURI') ?? '',
    to: text('To') ?? '',
    messageId: text('MessageID'),
    sessionId: (text('SessionId') ?? '').replace(/^uuid:/, '').toUpperCase(),
    operationId: text('OperationID'),
    sequenceId: text('SequenceId') ?? '1',
    isRepeated: header ? mustUnderstand(header, 'OperationID') : false,
    operationTimeoutMs: Math.min(readTimeout(text('OperationTimeout')), DAY_MS),
    roomBytes: readRoom(text('MaxEnvelopeSize')),
    locale: language(NAMESPACES.w, 'Locale'),
    dataLocale: language(NAMESPACES.p, 'DataLocale'),
    wantsCompression: text('CompressionType') !== undefined,
    options: new Map(options.map((one) => [one.attributes.get('Name') ?? '', one.text])),
    shellId: header && selector(header, 'ShellId'),
    payload,
  };
}

const mustUnderstand = (header: XmlElement, name: string) =>
  /^(?:true|1)$/.test(child(header, name)?.attributes.get('mustUnderstand') ?? '');

const ACTION_BY_URI: ReadonlyMap<string, Action> = new Map(
  Object.entries(ACTIONS).flatMap(([name, uri]) => (uri ? [[uri, name as Action] as const] : [])),
);

/** The named selector of the SelectorSet inside, as it was written: WinRM compares ShellIds case-sensitively. */
export function selector(parent: XmlElement, name: string): string | undefined {
  const set = find(parent, 'SelectorSet')?.children ?? [];
  return set.find((one) => one.attributes.get('Name') === name)?.text.trim();
}

function readTimeout(text: string | undefined): number {
  if (text === undefined) return OPERATION_TIMEOUT_MS;
  const ms = parseDuration(text);
  if (ms === undefined) throw new Fault(FAULTS.malformed);
  return ms;
}

function readRoom(text: string | undefined): number {
  const bytes = text && /^\d{1,9}$/.test(text) ? Number(text) : 153_600;
  return Math.min(Math.max(bytes, 8192), 512_000) - ENVELOPE_OVERHEAD_BYTES;
}

const EVENTING = 'http://schemas.xmlsoap.org/ws/2004/08/eventing';
const FAULT_ACTION = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';
const FAULT_DETAIL = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/';
const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';
const PREFIXES = { ...NAMESPACES, e: EVENTING };

/** Which prefixes Windows declares in which answer, in its order (seen in recordings). */
const DECLARED = {
  short: ['s', 'a', 'w', 'p'],
  enumeration: ['s', 'a', 'n', 'w', 'p'],
  transfer: ['s', 'a', 'x', 'w', 'p'],
  receive: ['s', 'a', 'w', 'rsp', 'p'],
  shell: ['s', 'a', 'x', 'w', 'rsp', 'p'],
  fault: ['s', 'a', 'x', 'e', 'n', 'w', 'p'],
} as const;

const DECLARED_BY_ACTION: Partial<Record<Action, keyof typeof DECLARED>> = {
  Enumerate: 'enumeration',
  Pull: 'enumeration',
  Release: 'enumeration',
  Get: 'transfer',
  Create: 'shell',
  Command: 'shell',
  Send: 'shell',
  Signal: 'shell',
  Connect: 'shell',
  Receive: 'receive',
};

/** The ids of one answer. */
export interface AnswerIds {
  readonly messageId: string;
  readonly activityId: string;
}

function envelope(
  declared: keyof typeof DECLARED,
  action: string,
  request: SimulatedRequest | undefined,
  ids: AnswerIds,
  body: Xml | undefined,
): string {
  const xmlns = {
    markup: DECLARED[declared].map((prefix) => ` xmlns:${prefix}="${PREFIXES[prefix]}"`).join(''),
  };
  const operation =
    request?.operationId &&
    xml`<p:OperationID s:mustUnderstand="false">${request.operationId}</p:OperationID><p:SequenceId>${request.sequenceId}</p:SequenceId>`;
  const relatesTo = request?.messageId && xml`<a:RelatesTo>${request.messageId}</a:RelatesTo>`;
  return xml`<s:Envelope xml:lang="en-US"${xmlns}><s:Header><a:Action>${action}</a:Action><a:MessageID>uuid:${ids.messageId}</a:MessageID>${operation || undefined}<p:ActivityId>${ids.activityId}</p:ActivityId><a:To>${ANONYMOUS}</a:To>${relatesTo || undefined}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
    .markup;
}

/** The answer that went well; header and prefixes in Windows' order. */
export function toResponse(request: SimulatedRequest, ids: AnswerIds, body?: Xml): string {
  const declared = (request.action && DECLARED_BY_ACTION[request.action]) ?? 'short';
  return envelope(declared, `${request.actionUri}Response`, request, ids, body);
}

/** The fault envelope; HTTP carries it with status 500. */
export function toFault(
  request: SimulatedRequest | undefined,
  ids: AnswerIds,
  form: FaultForm,
  machine: string,
): string {
  const fault = (message: Xml) =>
    xml`<f:WSManFault xmlns:f="${NAMESPACES.f}" Code="${form.code}" Machine="${machine}"><f:Message>${message}</f:Message></f:WSManFault>`;
  const words = xml`${form.text}`;
  const inner = form.provider
    ? fault(
        xml`<f:ProviderFault provider="Shell provider" path="%systemroot%\\system32\\WsmSvc.dll">${fault(words)}</f:ProviderFault>`,
      )
    : fault(words);
  const detail = form.detail && xml`<w:FaultDetail>${FAULT_DETAIL}${form.detail}</w:FaultDetail>`;
  return envelope(
    'fault',
    FAULT_ACTION,
    request,
    ids,
    xml`<s:Fault><s:Code><s:Value>${form.receiver ? 's:Receiver' : 's:Sender'}</s:Value><s:Subcode><s:Value>${form.subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${form.text}</s:Text></s:Reason><s:Detail>${detail || undefined}${inner}</s:Detail></s:Fault>`,
  );
}

/** The answer to Identify, which has no headers. */
export function toIdentity(productVersion: string): string {
  return xml`<s:Envelope xml:lang="en-US" xmlns:s="${NAMESPACES.s}"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="${NAMESPACES.wsmid}"><wsmid:ProtocolVersion>${NAMESPACES.w}</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor><wsmid:ProductVersion>${productVersion}</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>`
    .markup;
}
