import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PSSession } from '../../shared/session.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from '../peers/powershell-client.ts';
import type { ListedSession, PowerShellClient } from '../peers/powershell-client.ts';
import { announceSkip } from '../peers/skip.ts';

const ALICE = { username: 'alice', password: 'Passw0rd!' };
const missing = announceSkip('durations that are odd', await missingPowerShellClient());

/** ShellInactivity and IdleTimeOut as a computer could write them. */
const TIMES: readonly (readonly [inactivity: string, idleTimeout: string])[] = [
  ...['PT9S', ' PT9S ', 'PT9.S', 'PT.5S', 'PT1M61S', 'P0DT0H0M9S', '-PT9S', '-P1Y', '-P1M'],
  ...['PT1E3S', 'P1Y', 'P1M', 'P99999999999D', 'P0DT', 'PT-9S', '9', '', 'PT9s', '+PT9S'],
].map((inactivity) => [inactivity, 'PT7200.000S'] as const);
const IDLE_TIMES = [
  ...[
    'PT7200S',
    ' PT7200S ',
    '7200',
    'PT1E3S',
    'PT1,000S',
    'PT+60S',
    'PT 60S',
    'PT60.S',
    'PT.9S',
    'PT60.9999S',
  ],
  ...['PT9999999999S', 'PT2147483.647S', 'SPT60', '60PT', 'PT9.5S'],
  ...['PT-5S', 'PT0S', '', 'P1Y', 'PT2H', 'pt7200s', 'PT(60)S', 'P0DT2H0M0S', 'PT1E3', 'PT0x10S', 'PT1_0S'],
].map((idleTimeout) => ['PT9S', idleTimeout] as const);

const CASES = [...TIMES, ...IDLE_TIMES];

const NAMESPACES = [
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"',
  'xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"',
  'xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"',
].join(' ');

/** A shell for each case, and no commands. */
function answerTo(request: string): string {
  const shell = ([inactivity, idleTimeout]: readonly [string, string], i: number) =>
    `<rsp:Shell><rsp:ShellId>${String(i + 1).padStart(8, '0')}-0000-0000-0000-000000000000</rsp:ShellId><rsp:Name>case ${i}</rsp:Name><rsp:ResourceUri>http://schemas.microsoft.com/powershell/Microsoft.PowerShell</rsp:ResourceUri><rsp:State>Disconnected</rsp:State><rsp:ShellInactivity>${inactivity}</rsp:ShellInactivity><rsp:IdleTimeOut>${idleTimeout}</rsp:IdleTimeOut></rsp:Shell>`;
  const shells = `<w:Items>${CASES.map(shell).join('')}</w:Items>`;
  const items = request.includes('windows/shell/Command') ? '' : shells;
  const relatesTo = /MessageID>([^<]*)/.exec(request)?.[1] ?? '';
  return `<s:Envelope ${NAMESPACES}><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse</a:Action><a:MessageID>uuid:11111111-1111-1111-1111-111111111111</a:MessageID><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><n:EnumerateResponse><n:EnumerationContext/>${items}<w:EndOfSequence/></n:EnumerateResponse></s:Body></s:Envelope>`;
}

describe.skipIf(missing !== undefined)('--strict and real PowerShell agree on', () => {
  let powerShell: PowerShellClient;
  let theirs: readonly ListedSession[] = [];
  let ours: readonly PSSession[] = [];
  const server = createServer((request, response) => {
    const heard: Buffer[] = [];
    request.on('data', (bytes: Buffer) => void heard.push(bytes));
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' });
      response.end(answerTo(Buffer.concat(heard).toString()));
    });
  });
  const port = () => (server.address() as AddressInfo).port; // a TCP server has no other address
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    powerShell = await startPowerShellClient();
    await powerShell.runspace('asking').must(connectionScript(port(), ALICE));
    // That nothing is written but sessions means that one which is odd hides no other.
    theirs = (await powerShell.runspace('asking').must('Get-PSSession @at')) as ListedSession[];
    const remote = openComputer({
      computerName: '127.0.0.1',
      options: { port: port(), authentication: 'Basic', allowBasicOverHttp: true },
      credential: ALICE,
    });
    ours = (await remote.list({}, { strict: true })).sessions;
    await remote.close();
  });
  afterAll(async () => {
    await powerShell.stop();
    server.close();
  });

  test('how many sessions there are', () => {
    expect([theirs.length, ours.length]).toEqual([CASES.length, CASES.length]);
  });

  test.each(CASES.map((one, i) => [...one, i] as const))('inactivity %j, idle time-out %j', (_, __, i) => {
    const { DisconnectedOn, ExpiresOn, Name } = theirs[i]!;
    const due =
      DisconnectedOn !== null && ExpiresOn !== null && Date.parse(ExpiresOn) - Date.parse(DisconnectedOn);
    const { name, disconnectedOn, expiresOn } = ours[i]!;
    expect([name, disconnectedOn !== undefined && expiresOn! - disconnectedOn]).toEqual([Name, due]);
  });
});
