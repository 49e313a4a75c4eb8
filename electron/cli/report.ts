import { wasNotAsked } from '../../shared/not-asked.ts';
import { errorIdOf, toErrorInfo, WinRMError } from '../winrm/index.ts';
import type { Distrust, ErrorInfo } from '../../shared/error.ts';
import type { SignInReport } from '../../shared/sign-in-report.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import type { Output } from './io.ts';
import { plainText } from './plain-text.ts';

export interface Failure {
  /** Whom it concerns; not said where nobody was asked. */
  readonly computerName?: string;
  readonly message: string;
  readonly errorId: string;
  /** Further lines: causes, what to do. */
  readonly hints?: readonly string[];
  /** No cmdlet's name follows the id, as where PowerShell makes the error on a thread of its own. */
  readonly isBare?: boolean;
  /** Where in the app it went wrong, of a mistake of our own: it helps whoever mends it, and holds no secret. */
  readonly stack?: string;
}

const RED = '\u001B[31;1m';
const YELLOW = '\u001B[33;1m';
const RESET = '\u001B[0m';

/** Characters of a line on stderr: what is longer tells nobody more, and pushes away what stands before it. */
const LONGEST_LINE = 4_000;

function shownLine(text: string): string {
  const line = plainText(text);
  return line.length <= LONGEST_LINE ? line : `${plainText(line.slice(0, LONGEST_LINE - 1))}…`;
}

/** PowerShell's words for what went wrong, on stderr; remembers that something did. */
export class Reporter {
  readonly #cmdlet: Cmdlet;
  readonly #stderr: Output;
  readonly #silent: boolean;
  readonly #stacks = new Set<string>();
  failed = false;

  constructor(cmdlet: Cmdlet, stderr: Output, silent: boolean) {
    this.#cmdlet = cmdlet;
    this.#stderr = stderr;
    this.#silent = silent;
  }

  error({ computerName, message, errorId, hints = [], stack, isBare = false }: Failure): void {
    this.failed = true;
    if (this.#silent) return;
    const where = computerName === undefined ? '' : `[${computerName}] `;
    const head = `${this.#cmdlet.name}: ${shownLine(`${where}${message}`)}`;
    const id = [errorId, isBare ? '' : this.#cmdlet.className].filter(Boolean).join(',');
    const lines = [`FullyQualifiedErrorId : ${id}`, ...hints].map((line) => `    + ${shownLine(line)}`);
    this.#stderr.write(`${this.#paint(RED, head)}\n${lines.join('\n')}\n`);
    if (stack === undefined || this.#stacks.has(stack)) return;
    this.#stacks.add(stack); // of a thousand computers one tells it
    this.#stderr.write(`${stack.split('\n').map(plainText).join('\n')}\n`);
  }

  warn(sentence: string): void {
    this.#stderr.write(`${this.#paint(YELLOW, `WARNING: ${shownLine(sentence)}`)}\n`);
  }

  /** What was asked for with -Verbose. */
  verbose(sentence: string): void {
    this.#stderr.write(`${this.#paint(YELLOW, `VERBOSE: ${shownLine(sentence)}`)}\n`);
  }

  #paint(colour: string, text: string): string {
    return this.#stderr.isTTY ? `${colour}${text}${RESET}` : text;
  }
}

/** Where a cmdlet has a word of its own for a query that failed. */
const QUERY_FAILED: Readonly<Record<string, string>> = {
  'Receive-PSSession': 'ReceivePSSessionQueryForSessionFailed',
};

/** The failed query of one computer, framed as that cmdlet frames it. */
export function queryFailure(cmdletName: string, computerName: string, error: unknown): Failure {
  const info = infoOf(error);
  // What ends PowerShell's command, not one computer's query, has no frame.
  if (info.errorId === 'RuntimeException' || info.errorId === 'System.FormatException')
    return { computerName, message: info.message, errorId: info.errorId };
  return {
    computerName,
    message: `The remote session query failed for ${computerName} with the following error message: ${info.message}`,
    errorId: [wordOf(info), QUERY_FAILED[cmdletName] ?? 'RemotePSSessionQueryFailed']
      .filter(Boolean)
      .join(','),
    hints: hintsOf(info),
    ...stackOf(error),
  };
}

/** Where nobody was asked nothing was tried, though it was known how it would have been. */
function infoOf(error: unknown): ErrorInfo {
  const { signIn, ...info } = toErrorInfo(error);
  return signIn && !wasNotAsked(info) ? { ...info, signIn } : info;
}

const stackOf = (error: unknown): Pick<Failure, 'stack'> =>
  error instanceof Error && error.stack && !(error instanceof WinRMError) ? { stack: error.stack } : {};

/** What one session, or a computer beside its query, failed with. */
export function actionFailure(
  computerName: string | undefined,
  error: unknown,
  message: string,
  fallbackId: string,
): Failure {
  const info = infoOf(error);
  return {
    ...(computerName !== undefined && { computerName }),
    message: `${message}${info.message}`,
    errorId: wordOf(info) || fallbackId,
    hints: hintsOf(info),
    ...stackOf(error),
  };
}

/** PowerShell's word, else the signed number, else nothing. */
function wordOf({ errorId, faultCode }: ErrorInfo): string {
  return errorId ?? (faultCode ? errorIdOf(faultCode) : '');
}

/** A session that could not be made, in PowerShell's frame. */
export function openFailure(computerName: string, error: unknown): Failure {
  const info = infoOf(error);
  // What PowerShell there says of the session itself has no frame.
  const isTransport = info.faultCode !== undefined || info.errorId !== undefined || !isFaultOfPool(info);
  const message = isTransport
    ? `Connecting to remote server ${computerName} failed with the following error message : ${info.message} For more information, see the about_Remote_Troubleshooting Help topic.`
    : info.message;
  return {
    computerName,
    message,
    errorId: [wordOf(info), 'PSSessionOpenFailed'].filter(Boolean).join(','),
    hints: hintsOf(info),
    isBare: true,
    ...stackOf(error),
  };
}

/** One that could be made, but not kept: no computer had a hand in it. Its id stands alone, as of all that were not opened. */
export function notKept(computerName: string, error: unknown, message: string): Failure {
  const failure = actionFailure(computerName, error, message, '');
  return {
    ...failure,
    errorId: [failure.errorId, 'PSSessionOpenFailed'].filter(Boolean).join(','),
    isBare: true,
  };
}

const isFaultOfPool = ({ kind }: ErrorInfo) => kind === 'fault';

/** At the prompt nothing can be pinned, but what is checked can be said. */
const UNTRUSTED: Readonly<Partial<Record<Distrust, string>>> = {
  signer:
    'Have the certificate signed by an authority that this machine trusts, or pin this one in the window. -SessionOption "@{SkipCACheck=1}" goes on without the check, for whoever stands between, too.',
  name: 'Ask the computer by a name of its certificate, have it given one with the name that you use, or pin this one in the window. -SessionOption "@{SkipCNCheck=1}" goes on without comparing the name, also with another computer that shows a trusted certificate.',
  dates:
    'Have the certificate of its WinRM listener renewed, or set the clock of this machine right; until then it can be pinned in the window. Neither SkipCACheck nor SkipCNCheck passes over its dates.',
  chain:
    'Have the certificate of its WinRM listener renewed, or pin this one in the window. Neither SkipCACheck nor SkipCNCheck passes over this.',
  revocation:
    'Have the place that the certificate names for it reached from here, or pin this one in the window. -SessionOption "@{SkipRevocationCheck=1}" goes on without asking, also with a certificate that was revoked.',
};

/** Causes, remedy and the like, each a line. */
export function hintsOf({
  causes = [],
  certificate,
  distrust,
  remedy: given,
  detail,
  signIn,
}: ErrorInfo): string[] {
  const text = distrust && UNTRUSTED[distrust];
  const remedy = text === undefined ? given : { ...given, text };
  return [
    ...(signIn ? triedOf(signIn) : []),
    ...causes.map((cause) => `Perhaps: ${cause}`),
    ...(certificate ? [`SHA-256: ${certificate.sha256}`] : []),
    ...(remedy ? [`Remedy : ${remedy.text}`] : []),
    ...(remedy?.command ? [`Run    : ${remedy.command}`] : []),
    ...(detail ? [`Detail : ${detail}`] : []),
  ];
}

/** What was not to be had comes first: it may be the cause of all that followed. */
const triedOf = ({ mechanism, account, refused }: SignInReport): string[] => [
  ...refused.map(({ mechanism: other, why }) => `Not ${other}: ${why}`),
  `Tried  : ${mechanism}${account ? ` as ${account}` : ''}`,
];
