import { expect, test } from 'vitest';
import type { ConnectionOptions } from '../../shared/computer.ts';
import { queryOfComputer } from '../../shared/computer-query.ts';
import { toPowerShell } from '../../shared/to-powershell.ts';
import { bind } from './binding/bind.ts';
import { parseLine } from './binding/parse-line.ts';
import { findCmdlet } from './cmdlets.ts';
import { toRequest } from './request.ts';
import { targetOfName } from './target.ts';

/** What pssm makes of the line that the app copies for a computer with these options. */
function readBack(options: ConnectionOptions, computerName = 'web01') {
  const computer = { id: '1', computerName, groupIds: [], tags: [], options, username: 'LAB\\a' };
  const cmdlet = findCmdlet('Get-PSSession')!;
  return toRequest(bind(cmdlet, parseLine(toPowerShell(queryOfComputer(computer).query)).args));
}

test.each<[string, ConnectionOptions]>([
  ['nothing of its own', {}],
  ['TLS, a port and a path', { useSSL: true, port: 5999, applicationName: 'powershell' }],
  ['Basic over http', { authentication: 'Basic', allowBasicOverHttp: true }],
  [
    'session options of every kind',
    {
      useSSL: true,
      sessionOption: {
        ...{ openTimeout: 5_000, operationTimeout: 90_061_001, idleTimeout: 120_000, cancelTimeout: 0 },
        ...{ skipCACheck: true, skipCNCheck: true, skipRevocationCheck: true, includePortInSPN: true },
        ...{ useUTF16: true, outputBufferingMode: 'Drop', uiCulture: 'de-DE', culture: 'en-US' },
        ...{ maximumReceivedObjectSize: 0, maximumReceivedDataSizePerCommand: 1_024 },
        ...{ maximumConnectionRedirectionCount: 2, proxyAccessType: 'IEConfig' },
        proxyAuthentication: 'Negotiate',
      },
    },
  ],
])('the copied line reaches the same place in the same way: %s', (_, options) => {
  const { targets, userName, warnings } = readBack(options);
  const { url } = targetOfName('web01', options);
  const { allowBasicOverHttp, sessionOption, ...others } = options;
  expect(targets).toMatchObject([{ url, options: { ...others, ...(sessionOption && { sessionOption }) } }]);
  expect(targets[0]?.options.allowBasicOverHttp).toBe(allowBasicOverHttp);
  expect([userName, warnings]).toEqual(['LAB\\a', []]);
});

test('a computer that may send on is asked by its URI, at the port that WinRM listens on', () => {
  const { targets } = readBack({ redirectTo: ['https://gw02:5986'], applicationName: 'a b' }, '::1');
  expect(targets).toMatchObject([{ url: 'http://[::1]:5985/a%20b', redirection: { to: [] } }]);
});

test('the configuration that it is narrowed to is asked for', () => {
  expect(readBack({ configurationName: 'ITTasks' }).filter).toEqual({ configurationName: 'ITTasks' });
});

test('encryption is given up only where nothing could seal, and what no question is about causes no warning', () => {
  const sessionOption = { noEncryption: true, noCompression: true, noMachineProfile: true };
  const created = { ...sessionOption, maxConnectionRetryCount: 1 };
  expect(readBack({ sessionOption: created })).toMatchObject({ warnings: [], targets: [{ options: {} }] });
  expect(readBack({ sessionOption: created }).targets[0]?.options).not.toHaveProperty('sessionOption');
  const basic = { authentication: 'Basic', sessionOption } as const;
  expect(readBack(basic).targets[0]?.options).toMatchObject({ sessionOption: { noEncryption: true } });
  const refused = { ...basic, allowBasicOverHttp: false };
  expect(readBack(refused).targets[0]?.options).not.toHaveProperty('sessionOption');
});
