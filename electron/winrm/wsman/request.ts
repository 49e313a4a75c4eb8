import { xml } from '../xml.ts';
import type { Xml, XmlElement } from '../xml.ts';

const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';
const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration';
export const SHELL_URI = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
export const COMMAND_URI = `${SHELL_URI}/Command`;
/** Every PowerShell configuration's ResourceUri begins so. */
export const POWERSHELL_PREFIX = 'http://schemas.microsoft.com/powershell/';

/** The namespaces that we write, by the prefixes of Windows' client; the simulator answers with the same. */
export const NAMESPACES = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  a: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  n: ENUMERATION,
  x: TRANSFER,
  w: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  p: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  rsp: SHELL_URI,
  f: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  ps: 'http://schemas.microsoft.com/powershell',
  wsmid: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
} as const;

/** Action URIs by the operation names of DSP0226 (WS-Management) and MS-WSMV. Identify has none. */
export const ACTIONS = {
  Identify: '',
  Enumerate: `${ENUMERATION}/Enumerate`,
  Pull: `${ENUMERATION}/Pull`,
  Release: `${ENUMERATION}/Release`,
  Get: `${TRANSFER}/Get`,
  Create: `${TRANSFER}/Create`,
  Delete: `${TRANSFER}/Delete`,
  Command: `${SHELL_URI}/Command`,
  Send: `${SHELL_URI}/Send`,
  Receive: `${SHELL_URI}/Receive`,
  Signal: `${SHELL_URI}/Signal`,
  Connect: `${SHELL_URI}/Connect`,
  Disconnect: `${SHELL_URI}/Disconnect`,
  Reconnect: `${SHELL_URI}/Reconnect`,
} as const;
export type Action = keyof typeof ACTIONS;

/** One WS-Man operation before it is addressed: what to do, and to which resource. */
export interface WSManRequest {
  readonly action: Action;
  /** Empty for Identify. */
  readonly resourceUri: string;
  /** Picks the instance, e.g. `{ ShellId }`. */
  readonly selectors?: Readonly<Record<string, string>>;
  /** MS-WSMV options by name; those marked must be understood by the server. */
  readonly options?: readonly {
    readonly name: string;
    readonly value: string;
    readonly mustComply?: boolean;
  }[];
  readonly body?: Xml;
  /** Longer or shorter than the client's usual OperationTimeout; the client puts it into the address. */
  readonly operationTimeoutMs?: number;
  /** Milliseconds that are left for it; asked at each try, and in place of the other. */
  readonly leftMs?: () => number;
  /** How long it is given to be answered once it was handed over, when it is not wanted any more; milliseconds, 0 unless given. */
  readonly graceMs?: number;
  /** While a Receive waits on the first connection, a second one carries it. */
  readonly overtakes?: boolean;
}

/** A response whose fault, if any, was already thrown as a WinRMError. */
export interface WSManResponse {
  /** `s:Body`. */
  readonly body: XmlElement;
  /** Of the whole answer, in characters. */
  readonly length: number;
}

/** What the client, not the protocol logic, knows: where to, who asks, which attempt, how long. GUIDs in capitals. */
export interface Addressing {
  readonly to: string;
  readonly messageId: string;
  /** The same for the life of a client: by it the server tells Reconnect from Connect. */
  readonly sessionId: string;
  readonly operationId: string;
  /** The answer to the same request was lost: the computer gives it again if it has it (MS-WSMV 3.1.4.1.39). */
  readonly isRepeated?: boolean;
  readonly maxEnvelopeSizeBytes: number;
  /** The request's own where it has one, or what is left of it. */
  readonly operationTimeoutMs: number;
  /** BCP 47, e.g. `en-US`: the language of what the computer says itself. */
  readonly locale: string;
  /** BCP 47: how it writes dates and numbers; the same unless given. */
  readonly dataLocale?: string;
}

const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';
const DECLARED = ['s', 'a', 'n', 'x', 'w', 'p', 'rsp'] as const;
const XMLNS = { markup: DECLARED.map((prefix) => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`).join('') };

/** `PT180.000S`, the spelling of Windows' own client. */
export function duration(ms: number): string {
  return `PT${(ms / 1000).toFixed(3)}S`;
}

/** The SOAP 1.2 text of a request; headers in the order of Windows' client (docs/protocol.md). */
export function toSoap(request: WSManRequest, address: Addressing): string {
  if (request.action === 'Identify') {
    return xml`<s:Envelope xmlns:s="${NAMESPACES.s}" xmlns:wsmid="${NAMESPACES.wsmid}"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>`
      .markup;
  }
  const { selectors = {}, options = [] } = request;
  const selector = Object.entries(selectors).map(
    ([name, value]) => xml`<w:Selector Name="${name}">${value}</w:Selector>`,
  );
  const option = options.map(
    ({ name, value, mustComply }) =>
      xml`<w:Option Name="${name}"${mustComply ? xml` MustComply="true"` : undefined}>${value}</w:Option>`,
  );
  return xml`<s:Envelope${XMLNS}><s:Header><a:To>${address.to}</a:To><w:ResourceURI s:mustUnderstand="true">${request.resourceUri}</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">${ANONYMOUS}</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">${ACTIONS[request.action]}</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">${address.maxEnvelopeSizeBytes}</w:MaxEnvelopeSize><a:MessageID>uuid:${address.messageId}</a:MessageID><w:Locale xml:lang="${address.locale}" s:mustUnderstand="false"/><p:DataLocale xml:lang="${address.dataLocale ?? address.locale}" s:mustUnderstand="false"/><p:SessionId s:mustUnderstand="false">uuid:${address.sessionId}</p:SessionId><p:OperationID s:mustUnderstand="${address.isRepeated ? 'true' : 'false'}">uuid:${address.operationId}</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId>${
    option.length > 0 ? xml`<w:OptionSet s:mustUnderstand="true">${option}</w:OptionSet>` : undefined
  }${selector.length > 0 ? xml`<w:SelectorSet>${selector}</w:SelectorSet>` : undefined}<w:OperationTimeout>${duration(
    address.operationTimeoutMs,
  )}</w:OperationTimeout></s:Header><s:Body>${request.body}</s:Body></s:Envelope>`.markup;
}
