import { WinRMError } from '../winrm/error.ts';
import type { Trouble } from './population.ts';

/** What a connection to a computer in trouble ends in; undefined where the computer answers, if only with a fault. */
export function troubleError(trouble: Trouble, computerName: string): (() => WinRMError) | undefined {
  switch (trouble) {
    case 'refused':
      return () =>
        new WinRMError('unreachable', `${computerName} is up, but nothing listens on TCP port 5985.`, {
          causes: [
            'WinRM was never turned on.',
            'The listener uses https only.',
            'A firewall on the computer refuses the port.',
          ],
          remedy: { text: 'Turn WinRM on, on that computer.', command: 'Enable-PSRemoting -Force' },
          faultCode: 2150858770,
          errorId: 'CannotConnect',
          detail: 'ECONNREFUSED',
        });
    case 'noAnswer':
      return () =>
        new WinRMError('timeout', `${computerName} did not answer on TCP port 5985.`, {
          causes: ['The computer is switched off.', 'A firewall drops what is sent there.'],
          remedy: { text: 'See whether the computer runs and can be reached from here.' },
          faultCode: 2150859046,
          errorId: 'WinRMOperationTimeout',
          detail: 'ETIMEDOUT',
        });
    case 'unknownName':
      return () =>
        new WinRMError('unreachable', `The name ${computerName} is not known.`, {
          causes: ['The name is misspelt.', 'The DNS server does not know the computer.'],
          remedy: { text: 'Check the name.', command: `Resolve-DnsName ${computerName}` },
          faultCode: 2150859193,
          errorId: 'ComputerNotFound',
          detail: 'ENOTFOUND',
        });
    case 'signInRefused':
      return () =>
        new WinRMError('unauthenticated', `${computerName} refused the user name or the password.`, {
          causes: [
            'The password is wrong or was changed.',
            'The account is locked or may not sign in over the network.',
          ],
          remedy: { text: 'Give the credential anew.' },
          faultCode: 5,
          errorId: 'AccessDenied',
          detail: 'HTTP 401',
        });
    case 'accessDenied':
      return undefined;
  }
}
