import { afterEach, describe, expect, test } from 'vitest';
import type { SessionOption } from '../../shared/computer.ts';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import { REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { JOB } from '../simulator/job-fixture.ts';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { channelOptions } from './engine-options.ts';
import { openComputer } from './index.ts';
import { openChannel } from './transport/connection.ts';
import { closeRawServers, requestServer } from './transport/raw-server-fixture.ts';

const never = new AbortController().signal;
const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  closeRawServers();
  for (const one of open.splice(0)) await one.close();
});

/** A computer with one session to take up, and all that it is sent. */
function simulated(sessionOption: SessionOption) {
  const time = new SimulatedTime(Date.UTC(2026, 0, 1));
  const random = new Random(3);
  const surroundings = { now: time.now, delay: time.delay, newGuid: () => random.guid() };
  const computer = new SimulatedComputer('WEB01', surroundings);
  populate(computer, [JOB], surroundings, random, LOGIN.username);
  const sent: string[] = [];
  const warnings: string[] = [];
  const channel = () => {
    const caller = { owner: LOGIN.username, clientIP: '10.0.0.5', isAdministrator: true };
    const { post, close } = openSimulatedChannel(computer, caller, { delay: time.delay, latencyMs: () => 0 });
    return { close, post: (soap: string, signal: AbortSignal) => (sent.push(soap), post(soap, signal)) };
  };
  const remote = openComputer({
    computerName: 'web01',
    options: { sessionOption },
    channel,
    now: time.now,
    onWarning: (sentence) => warnings.push(sentence),
  });
  open.push(remote);
  const held = async () => {
    const { sessions } = await remote.list({}, { strict: false });
    return remote.connect(sessions[0]!);
  };
  return { sent, warnings, remote, held };
}

describe('PSSessionOption on the wire', () => {
  test('UICulture and Culture are the languages that every request asks for', async () => {
    const { sent, remote } = simulated({ uiCulture: 'de-DE', culture: 'fr-CH' });
    await remote.list({}, { strict: true });
    expect(sent.length).toBeGreaterThan(1);
    for (const soap of sent) {
      expect(soap).toContain('<w:Locale xml:lang="de-DE"');
      expect(soap).toContain('<p:DataLocale xml:lang="fr-CH"');
    }
  });

  test('OperationTimeout and CancelTimeout are what a request and the end of one are given', async () => {
    const { sent, held } = simulated({ operationTimeout: 90_000, cancelTimeout: 30_000 });
    await (await held()).disconnect();
    await (await held()).remove();
    const timeOf = (action: string) =>
      /<w:OperationTimeout>([^<]*)</.exec(
        sent.find((soap) => soap.includes(`/${action}</a:Action>`)) ?? '',
      )?.[1];
    expect(['Enumerate', 'Disconnect', 'Delete'].map(timeOf)).toEqual([
      'PT90.000S',
      'PT90.000S',
      'PT30.000S',
    ]);
  });

  test('NoMachineProfile, IdleTimeout, OutputBufferingMode and OpenTimeout are how a session is made', async () => {
    const option = { noMachineProfile: true, idleTimeout: 90_000, outputBufferingMode: 'Drop' } as const;
    const { sent, remote } = simulated({ ...option, openTimeout: 7_000, operationTimeout: 20_000 });
    await remote.create({ name: 'made', instanceId: 'b6631d8e-65a0-49f2-9053-a1b156c95777' });
    const create = sent.find((soap) => soap.includes('/transfer/Create<')) ?? '';
    expect(create).toContain('<w:OperationTimeout>PT7.000S<');
    expect(create).toContain('<w:Option Name="WINRS_NOPROFILE">1<');
    expect(create).toContain('<rsp:IdleTimeOut>PT90.000S<');
    expect(create).toContain('<rsp:BufferMode>Drop<');
  });

  test('OpenTimeout is for TCP, too, where it is given; 0 is without end', () => {
    const timeouts = (sessionOption?: SessionOption) => {
      const { openTimeoutMs, connectTimeoutMs } = channelOptions({ sessionOption });
      return [openTimeoutMs, connectTimeoutMs];
    };
    expect(timeouts({ openTimeout: 60_000 })).toEqual([60_000, 60_000]);
    expect(timeouts({ openTimeout: 0 })).toEqual([2 ** 31 - 1, 2 ** 31 - 1]);
    expect(timeouts()).toEqual([undefined, undefined]);
  });

  test('IdleTimeout and OutputBufferingMode are how a session is left, and what is said for one goes before', async () => {
    const { sent, held } = simulated({ idleTimeout: 3_600_000, outputBufferingMode: 'Drop' });
    await (await held()).disconnect();
    await (await held()).disconnect({ idleTimeoutMs: 60_000 });
    const left = sent.flatMap((soap) => /<rsp:Disconnect>.*<\/rsp:Disconnect>/.exec(soap)?.[0] ?? []);
    expect(left).toEqual([
      '<rsp:Disconnect><rsp:IdleTimeOut>PT3600.000S</rsp:IdleTimeOut><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>',
      '<rsp:Disconnect><rsp:IdleTimeOut>PT60.000S</rsp:IdleTimeOut><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>',
    ]);
  });

  test('a session is left though the computer refuses the idle time that is set, and that is said', async () => {
    const { warnings, remote, held } = simulated({ idleTimeout: 5_000 });
    await (await held()).disconnect();
    const { sessions } = await remote.list({}, { strict: false });
    expect(sessions[0]).toMatchObject({ availability: 'None', shell: { idleTimeoutMs: 7_200_000 } });
    expect(warnings).toEqual([
      'The computer does not allow the idle time-out that is set, so job was left with its own.',
    ]);
  });

  test.each<[string, SessionOption]>([
    ['the default time and mode', {}],
    ['the server’s own', { idleTimeout: -1, outputBufferingMode: 'None' }],
  ])('%s are left to the computer', async (_, option) => {
    const { sent, held } = simulated(option);
    await (await held()).disconnect();
    expect(sent.some((soap) => soap.includes('<rsp:Disconnect></rsp:Disconnect>'))).toBe(true);
  });

  test.each<[string, SessionOption, RegExp]>([
    [
      'MaximumReceivedObjectSize',
      { maximumReceivedObjectSize: 300 },
      /more than 300 bytes, which is not read/,
    ],
    [
      'MaximumReceivedDataSizePerCommand',
      { maximumReceivedDataSizePerCommand: 400 },
      /more than 400 bytes in all/,
    ],
  ])('%s is where reading ends, with a sentence that names it', async (name, option, sentence) => {
    const receive = async () => (await simulated(option).held()).receive(() => undefined);
    await expect(receive()).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(sentence) as string,
      info: { remedy: { text: expect.stringContaining(name) as string } },
    });
  });

  test('a limit of 0 is none', async () => {
    const { held } = simulated({ maximumReceivedObjectSize: 0, maximumReceivedDataSizePerCommand: 0 });
    const session = await held();
    expect(await session.receive(() => undefined)).toMatchObject({ state: 'Completed' });
  });

  test.each(['Basic', 'Negotiate'] as const)(
    'UseUTF16 sends UTF-16, and is understood: %s',
    async (authentication) => {
      const listener = new SimulatorListener({
        accounts: [
          { username: 'alice', password: LOGIN.password, owner: LOGIN.username, isAdministrator: true },
        ],
      });
      open.push(listener);
      const computer = new SimulatedComputer('WEB01', REAL_SURROUNDINGS);
      const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
      const remote = openComputer({
        computerName: '127.0.0.1',
        options: { port, authentication, allowBasicOverHttp: true, sessionOption: { useUTF16: true } },
        credential: LOGIN,
      });
      open.push(remote);
      expect(await remote.list({}, { strict: true })).toMatchObject({ sessions: [] });
    },
  );

  test('UseUTF16 says so, and begins with the mark', async () => {
    let seen: Buffer | undefined;
    const { endpoint } = await requestServer((socket, { body }) => {
      seen = body;
      socket.end('HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n');
    });
    const channel = openChannel(endpoint, LOGIN, {
      authentication: 'Basic',
      allowBasicOverHttp: true,
      useUTF16: true,
    });
    await channel.post('<ä/>', never).catch(() => undefined);
    channel.close();
    expect(seen).toEqual(Buffer.from('\ufeff<ä/>', 'utf16le'));
  });

  test.each([
    // Its first leg proves nothing, so a service that is starting is asked again, and again.
    ['Negotiate', 503, 3],
    ['Negotiate', 404, 3],
    ['Negotiate', 500, 1],
    // It brings the password along, which nobody judged.
    ['Basic', 503, 1],
  ] as const)(
    'MaxConnectionRetryCount by %s against a service that answers HTTP %i: %i requests',
    async (authentication, status, requests) => {
      const told: string[] = [];
      const { endpoint } = await requestServer((socket, { authorization = '' }) => {
        told.push(authorization);
        socket.write(`HTTP/1.1 ${status} X\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n`);
      });
      const sessionOption = { maxConnectionRetryCount: 1, noEncryption: true };
      const remote = openComputer({
        computerName: '127.0.0.1',
        options: { authentication, port: endpoint.port, sessionOption, allowBasicOverHttp: true },
        credential: LOGIN,
      });
      open.push(remote);
      const instanceId = '11111111-2222-4333-8444-555555555555';
      await expect(remote.create({ instanceId, name: 'X' })).rejects.toThrow(/^127\.0\.0\.1/);
      expect(told).toHaveLength(requests);
    },
  );

  test.each([
    [true, ':'],
    [false, undefined],
  ])('IncludePortInSPN puts the port into the service’s name: %s', async (includePortInSPN, mark) => {
    // NTLM tells the name of whom it means in clear, inside what is proven.
    const tokens: Buffer[] = [];
    const { NegotiateAcceptor } = await import('./auth/spnego-acceptor.ts');
    const acceptor = new NegotiateAcceptor(
      { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => LOGIN.password },
      { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
    );
    const { endpoint } = await requestServer((socket, { authorization = '' }) => {
      tokens.push(Buffer.from(authorization.replace('Negotiate ', ''), 'base64'));
      const answer = acceptor.step(new Uint8Array(tokens.at(-1)!)) ?? new Uint8Array();
      const header = `WWW-Authenticate: Negotiate ${Buffer.from(answer).toString('base64')}`;
      socket.write(`HTTP/1.1 ${acceptor.complete ? 503 : 401} X\r\n${header}\r\nContent-Length: 0\r\n\r\n`);
    });
    const channel = openChannel(endpoint, LOGIN, { includePortInSPN });
    await channel.post('<a/>', never).catch(() => undefined);
    channel.close();
    const name = Buffer.from(`HTTP/127.0.0.1${mark === undefined ? '' : `:${endpoint.port}`}`, 'utf16le');
    expect(tokens.at(-1)?.includes(name)).toBe(true);
    expect(tokens.at(-1)?.includes(Buffer.from(`HTTP/127.0.0.1:`, 'utf16le'))).toBe(includePortInSPN);
  });
});

test('SkipRevocationCheck reaches the connection, and nothing does unless it is set', () => {
  expect(channelOptions({ sessionOption: { skipRevocationCheck: true } })).toMatchObject({
    skipRevocationCheck: true,
  });
  expect(channelOptions({})).not.toHaveProperty('skipRevocationCheck');
});
