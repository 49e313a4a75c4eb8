import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };

let listener: SimulatorListener;
let port: number;
const servers: { close(): void; closeAllConnections(): void }[] = [];

beforeEach(async () => {
  listener = new SimulatorListener({ accounts: [ACCOUNT] });
  const [computer] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
  ({ port } = await listener.open(computer!, { address: '127.0.0.1', port: 0 }));
});
afterEach(async () => {
  delete process.env['http_proxy'];
  servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close()));
  await listener.close();
});

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server's address is always of this form
}

/** At a terminal where every account has a password of its own. */
async function pssm(argv: readonly string[], overrides: Partial<CommandIO> = {}, isTerminal = true) {
  const asked: string[] = [];
  const askPassword = (prompt: string) => {
    asked.push(prompt);
    return Promise.resolve(prompt.includes('alice') ? ACCOUNT.password : 'pr0xy');
  };
  const recording = recordingIO(mkdtempSync(join(tmpdir(), 'pssm-reaching-')), {
    ...(isTerminal && { askPassword }),
    ...overrides,
  });
  const code = await run(argv, recording.io);
  return { code, out: recording.out(), err: recording.err(), asked };
}

describe('a proxy at the prompt', () => {
  const seen: { proxy: string | undefined; computer: string | undefined }[] = [];
  beforeEach(async () => {
    seen.length = 0;
    const proxy = await serve((incoming, outgoing) => {
      const { 'proxy-authorization': shown, ...headers } = incoming.headers;
      seen.push({ proxy: shown, computer: headers.authorization });
      const { hostname, port: to, pathname } = new URL(incoming.url ?? '');
      const onward = httpRequest(
        { hostname, port: to, path: pathname, method: incoming.method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    });
    process.env['http_proxy'] = `http://127.0.0.1:${proxy}`;
  });
  const basic = ['-Port', () => String(port), '-Authentication', 'Basic', '-Credential', 'alice'];
  const ask = (
    option: string,
    rest: readonly string[] = [],
    overrides?: Partial<CommandIO>,
    isTerminal = true,
  ) => {
    const words = basic.map((word) => (typeof word === 'string' ? word : word()));
    const options = `@{NoEncryption=$true; ${option}}`;
    return pssm(
      ['Get-PSSession', '127.0.0.1', ...words, '-SessionOption', options, ...rest],
      overrides,
      isTerminal,
    );
  };
  const header = (account: string) => `Basic ${Buffer.from(account).toString('base64')}`;

  test('is shown an account that is asked for by itself, and the computer is shown its own', async () => {
    const { code, err, asked } = await ask(
      'ProxyAccessType="IEConfig"; ProxyAuthentication="Basic"; ProxyCredential="paul"',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(asked).toEqual(['Password for user alice: ', 'Password of paul for the proxy: ']);
    expect(seen).toEqual([{ proxy: header('paul:pr0xy'), computer: header(`alice:${ACCOUNT.password}`) }]);
  });

  test.each(['ProxyAccessType="NoProxyServer"', 'ProxyAccessType="None"', 'OpenTimeout=9000'])(
    'is not asked with %s',
    async (option) => {
      expect((await ask(option)).code).toBe(0);
      expect(seen).toEqual([]);
    },
  );

  test('has no part in the password that is handed in for the computer', async () => {
    const option = 'ProxyAccessType="IEConfig"; ProxyCredential="paul"';
    const readPasswordLine = () => Promise.resolve(ACCOUNT.password);
    const { code, err } = await ask(option, ['--password-stdin'], { readPasswordLine }, false);
    expect(code).toBe(2);
    expect(err).toContain('no terminal to ask for the proxy');
    expect(seen).toEqual([]);
  });
});

describe('a redirection at the prompt', () => {
  const redirecting = (to: string) => serve((_, response) => response.writeHead(302, { Location: to }).end());
  const ask = async (to: string, ...rest: string[]) =>
    pssm([
      ...['Get-PSSession', '-ConnectionUri', `http://127.0.0.1:${await redirecting(to)}/wsman`],
      ...['-Credential', 'alice', ...rest],
    ]);

  test('is followed by the query with -AllowRedirection, on the same computer', async () => {
    const { code, out, err } = await ask(`http://127.0.0.1:${port}/wsman`, '-AllowRedirection');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Microsoft.PowerShell');
  });

  test('is told and not followed without it', async () => {
    const { code, err } = await ask(`http://127.0.0.1:${port}/wsman`);
    expect(code).toBe(1);
    expect(err).toContain(`redirects to http://127.0.0.1:${port}/wsman`);
    expect(err).toContain('RedirectInformationRequired');
    expect(listener.counts.requests).toBe(0);
  });

  test('leads to another computer only where that is named', async () => {
    const to = `http://localhost:${port}/wsman`;
    const refused = await ask(to, '-AllowRedirection');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--redirect-to localhost');
    expect(listener.counts.requests).toBe(0);
    expect((await ask(to, '-AllowRedirection', '--redirect-to', 'LOCALHOST')).code).toBe(0);
  });

  test('is followed by Test-WSMan, too', async () => {
    const gate = `http://127.0.0.1:${await redirecting(`http://127.0.0.1:${port}/wsman`)}/wsman`;
    const argv = ['Test-WSMan', '-ConnectionUri', gate, '-AllowRedirection', '-Credential', 'alice'];
    const { code, err } = await pssm(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(listener.counts.requests).toBeGreaterThan(0);
  });

  test('is where an act was done: the audit log says so, without the path that an answer named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pssm-audit-'));
    const gate = `http://127.0.0.1:${await redirecting(`http://127.0.0.1:${port}/wsman?key=s3cret`)}/wsman`;
    const argv = ['Remove-PSSession', '-ConnectionUri', gate, '-Name', 'NightlyBackup', '-AllowRedirection'];
    const environment = { XDG_CONFIG_HOME: folder };
    const { code, err } = await pssm([...argv, '-Credential', 'alice'], { environment, platform: 'linux' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const log = readFileSync(join(folder, 'PSSession Manager/audit.jsonl'), 'utf8');
    expect(JSON.parse(log)).toMatchObject({
      action: 'remove',
      computer: '127.0.0.1',
      endpoint: `http://127.0.0.1:${port}/…`,
      result: 'done',
    });
  });

  test('counts as often as MaximumConnectionRedirectionCount says', async () => {
    const option = ['-SessionOption', '@{MaximumConnectionRedirectionCount=0}'];
    const { err } = await ask(`http://127.0.0.1:${port}/wsman`, '-AllowRedirection', ...option);
    expect(err).toContain('more than 0 redirections');
  });
});
