import type { ConnectionOptions, SessionOption } from './computer.ts';
import { endpointUrl, toEndpoint } from './endpoint.ts';
import type { ResolvedComputer } from './inheritance.ts';
import { isSignedInAsLoggedOn } from './logged-on.ts';
import type { SessionQuery } from './query.ts';

/** How one computer is asked at a prompt. */
export interface ComputerQuery {
  readonly query: SessionQuery;
  /** What no parameter of Get-PSSession says: sentences for whoever runs the line. */
  readonly notes: readonly string[];
}

/**
 * How a computer is reached, in Get-PSSession's parameters: by its name, or by its URI where it may send on, which
 * -ComputerName never follows.
 */
export function queryOfComputer(computer: ResolvedComputer): ComputerQuery {
  const { computerName, options, username } = computer;
  const { useSSL, port, applicationName, authentication, configurationName, redirectTo } = options;
  const sessionOption = sessionOptionOf(options);
  const where: SessionQuery = redirectTo
    ? { connectionUri: [endpointUrl(toEndpoint(computerName, options))], allowRedirection: true }
    : {
        computerName: [computerName],
        ...(useSSL && { useSSL }),
        ...(port !== undefined && { port }),
        ...(applicationName && { applicationName }),
      };
  return {
    query: {
      ...where,
      ...(configurationName && { configurationName }),
      ...(authentication && { authentication }),
      ...(username && !isSignedInAsLoggedOn(computer) && { credential: username }),
      ...(Object.keys(sessionOption).length > 0 && { sessionOption }),
    },
    notes: notesOn(computerName, options),
  };
}

/** Without what counts only when a session is created, and without what it is not for PowerShell. */
function sessionOptionOf({
  sessionOption = {},
  useSSL,
  authentication,
  allowBasicOverHttp,
}: ConnectionOptions): SessionOption {
  const {
    noEncryption,
    noCompression: _,
    noMachineProfile: __,
    maxConnectionRetryCount: ___,
    proxyCredential: ____, // an id, and its account no text that PowerShell takes here
    ...asked
  } = sessionOption;
  // PowerShell would seal nothing with it, whoever signs in: so only where no sign-in could seal.
  const isInClear = !useSSL && (authentication === 'Basic' || authentication === 'Digest');
  const needsIt = isInClear && (allowBasicOverHttp ?? noEncryption);
  return { ...asked, ...(needsIt && { noEncryption: true }) };
}

function notesOn(computerName: string, options: ConnectionOptions): string[] {
  const { redirectTo = [], pinnedCertificate, useSSL, sessionOption } = options;
  const own = toEndpoint(computerName, options).hostname.toLowerCase();
  const others = new Set(redirectTo.map((place) => new URL(place).hostname).filter((name) => name !== own));
  return [
    ...(others.size > 0
      ? [`pssm follows ${computerName} to another computer only with --redirect-to ${[...others].join(',')}.`]
      : []),
    ...(pinnedCertificate && useSSL
      ? [`The certificate of ${computerName} is trusted in the app alone; a prompt asks who signed it.`]
      : []),
    ...(sessionOption?.proxyCredential
      ? [`The account for the proxy before ${computerName} is to be added as ProxyCredential.`]
      : []),
  ];
}
