import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import { WinRMError } from './error.ts';
import { openComputer, ProtocolTrace } from './index.ts';

const PASSWORD = 'Planted-Passw0rd-7311';
const ACCOUNT = { username: 'alice', password: PASSWORD, owner: 'LAB\\alice', isAdministrator: true };
const TOKEN = 'TlRMTVNTUAACAAAAplanted';
const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

/** Everything long that Base64 could be, and the password in every form that travels. */
const SECRETS = [
  PASSWORD,
  Buffer.from(PASSWORD).toString('base64'),
  Buffer.from(`alice:${PASSWORD}`).toString('base64'),
  Buffer.from(PASSWORD, 'utf16le').toString('base64'),
  TOKEN,
];

function traced() {
  const trace = new ProtocolTrace(() => Date.UTC(2026, 0, 1));
  trace.switch(true);
  return trace;
}

async function list(
  port: number,
  trace: ProtocolTrace,
  authentication: 'Negotiate' | 'Basic',
  password = PASSWORD,
) {
  const options = { port, authentication, allowBasicOverHttp: true };
  const credential = { username: 'alice', password };
  const how = { options, credential, trace, mayRedirect: () => true };
  const remote = openComputer({ computerName: '127.0.0.1', ...how });
  opened.push(remote);
  return remote.list({}, { strict: false });
}

describe('A trace', () => {
  test.each(['Negotiate', 'Basic'] as const)(
    'of %s tells every request, and holds neither password nor token nor message',
    async (authentication) => {
      const listener = new SimulatorListener({ accounts: [ACCOUNT] });
      opened.push(listener);
      const computer = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS)[0]!();
      const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
      const trace = traced();
      await list(port, trace, authentication);
      await list(port, trace, authentication, `${PASSWORD}-wrong`).catch(() => undefined);
      const text = trace.text();
      expect(text).toMatch(/^2026-01-01T00:00:00\.000Z SOAP > Enumerate, \d+ characters$/m);
      expect(text).toMatch(/ #1 > POST http:\/\/127\.0\.0\.1:\d+\/wsman, \d+ bytes; /);
      expect(text).toContain(`authorization: ${authentication}`);
      expect(text).toMatch(/ #1 < HTTP 200, \d+ bytes; .*content-type: /);
      expect(text).toMatch(/ #2 < HTTP 401, 0 bytes; .*www-authenticate: Negotiate, Basic/);
      expect(text).toMatch(/SOAP < Enumerate, \d+ characters/);
      expect(text).toMatch(/SOAP ! Enumerate, unauthenticated, 0x5$/m);
      for (const secret of SECRETS) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/[A-Za-z\d+/]{40}|NightlyBackup|alice/);
    },
  );

  test('of a computer that plants things in its headers, and where it sends on, shows none of them', async () => {
    const paths: (string | undefined)[] = [];
    const ports: number[] = [];
    const answer: RequestListener = ({ url }, response) => {
      paths.push(url);
      response.writeHead(url === '/wsman' ? 307 : 500, {
        Server: `${TOKEN}/1.0`,
        [`X-${TOKEN}`]: TOKEN,
        'Content-Type': `text/${TOKEN}`,
        'WWW-Authenticate': [`Negotiate ${TOKEN}`, `${TOKEN} realm="${TOKEN}"`, `Basic realm="${TOKEN}"`],
        'Set-Cookie': TOKEN,
        Location: `http://127.0.0.1:${ports[1]}/${TOKEN}/wsman?${TOKEN}`,
      });
      response.end(TOKEN);
    };
    for (let i = 0; i < 2; i++) {
      const server = createServer(answer).listen(0, '127.0.0.1');
      opened.push(server);
      await new Promise((resolve) => server.once('listening', resolve));
      ports.push((server.address() as AddressInfo).port); // a TCP server's address is always of this form
    }
    const trace = traced();
    await list(ports[0]!, trace, 'Basic').catch(() => undefined);
    const text = trace.text();
    expect(paths).toEqual(['/wsman', `/${TOKEN}/wsman?${TOKEN}`]);
    expect(text).toContain(`> POST http://127.0.0.1:${ports[0]}/wsman, `);
    expect(text).toContain(`> POST http://127.0.0.1:${ports[1]}/…, `);
    expect(text).toMatch(/HTTP 307, /);
    expect(text).toMatch(/HTTP 500, \d+ bytes; .*server \| 1 other headers|1 other headers/);
    expect(text).toContain('www-authenticate: Negotiate, Basic');
    expect(text.toLowerCase()).not.toContain(TOKEN.toLowerCase());
  });

  test('is off until it is switched on, and forgets when it is switched off', () => {
    const trace = new ProtocolTrace(() => 0);
    trace.asked('Enumerate', 10);
    expect(trace.text()).toBe('');
    trace.switch(true);
    trace.asked('Enumerate', 10);
    expect(trace.text()).toBe('1970-01-01T00:00:00.000Z SOAP > Enumerate, 10 characters\n');
    trace.switch(false);
    expect(trace.text()).toBe('');
  });

  test('keeps the newest entries, and says how many were not kept', () => {
    const trace = traced();
    for (let i = 0; i < 2_010; i++) trace.asked('Receive', i);
    const lines = trace.text().trimEnd().split('\n');
    expect(lines).toHaveLength(2_001);
    expect(lines[0]).toBe('… 10 earlier entries were not kept.');
    expect(lines.at(-1)).toContain('Receive, 2009 characters');
  });

  test('of a failure tells its kind and number, not its words', () => {
    const trace = traced();
    trace.failed('Create', new WinRMError('fault', `The computer said ${TOKEN}.`, { faultCode: 2150858843 }));
    trace.failed('Create', new Error(TOKEN));
    expect(trace.text()).toMatch(/SOAP ! Create, fault, 0x8033805b\n.*SOAP ! Create, ended\n$/);
  });
});

test('a trace that is off stays off, whatever travels', () => {
  const trace = new ProtocolTrace(() => 0);
  const line = trace.connection({ scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' });
  line.sent({}, 1);
  line.received(200, {}, 1);
  line.failed(new Error('ended'));
  trace.asked('Identify', 1);
  trace.answered('Identify', 1);
  trace.failed('Identify', new Error('ended'));
  expect([trace.isOn, trace.text()]).toEqual([false, '']);
});
