import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import { missingAcceptor, startAcceptor } from '../peers/acceptor/acceptor.ts';
import type { Acceptor } from '../peers/acceptor/acceptor.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import { makeSessions } from './make-sessions.ts';
import { announceSkip } from '../peers/skip.ts';

const ALICE = { domain: 'LAB', username: 'alice', password: 'Passw0rd!' };
const ZOE = { domain: 'LAB', username: 'zoë', password: 'pässwörd 密' };
const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const never = new AbortController().signal;

const missing = announceSkip('NTLM against gss-ntlmssp', missingAcceptor());
const missingBackend =
  missing ?? announceSkip('NTLM in front of real PowerShell', await missingPowerShellServer());

const opened: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const peer of opened.splice(0)) await peer.stop();
});

async function acceptor(...args: string[]): Promise<Acceptor> {
  const started = await startAcceptor([ALICE, ZOE], ...args);
  opened.unshift(started);
  return started;
}

const at = (port: number, path = '/wsman'): Endpoint => ({
  scheme: 'http',
  hostname: '127.0.0.1',
  port,
  path,
});
const count = (peer: Acceptor, event: string) => peer.events.filter((one) => one.event === event).length;

describe.skipIf(missing !== undefined)('NTLM against gss-ntlmssp', () => {
  test('signs in inside SPNEGO and seals every size both ways on one connection', async () => {
    const peer = await acceptor();
    const channel = openChannel(at(peer.port), LOGIN, { authentication: 'Negotiate' });
    for (const length of [1, 2, 255, 256, 4_096, 65_537, 1_048_576]) {
      const soap = 'x'.repeat(length);
      expect((await channel.post(soap, never)) === soap, `${length} bytes`).toBe(true);
    }
    expect(await channel.post('<ä>密😀</ä>', never)).toBe('<ä>密😀</ä>');
    channel.close();
    await peer.stop();
    expect(count(peer, 'signed in')).toBe(1);
    expect(count(peer, 'token')).toBe(2);
    expect(count(peer, 'opened')).toBe(8);
    expect(peer.events).toContainEqual(
      expect.objectContaining({ event: 'signed in', account: 'LAB\\alice' }),
    );
  });

  test('signs in with NTLM bare where that is what the server takes', async () => {
    const peer = await acceptor('--refuse-spnego', '--offer', 'NTLM');
    const channel = openChannel(at(peer.port), LOGIN, {});
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    expect(await channel.post('<b/>', never)).toBe('<b/>');
    channel.close();
    await peer.stop();
    expect(peer.events.filter(({ event }) => event === 'signed in')).toEqual([
      expect.objectContaining({ scheme: 'NTLM', account: 'LAB\\alice' }),
    ]);
  });

  test('a name and a password beyond ASCII sign in', async () => {
    const peer = await acceptor();
    const channel = openChannel(at(peer.port), { username: 'LAB\\zoë', password: ZOE.password }, {});
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    channel.close();
  });

  test.each([
    ['a wrong password', { ...LOGIN, password: 'passw0rd!' }],
    ['an unknown user', { ...LOGIN, username: 'LAB\\mallory' }],
  ])('%s is refused, and tried exactly once however often one asks', async (_, credential) => {
    const peer = await acceptor();
    const channel = openChannel(at(peer.port), credential, {});
    const refusals = await Promise.allSettled(
      ['<a/>', '<b/>', '<c/>'].map((soap) => channel.post(soap, never)),
    );
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        reason: { kind: 'unauthenticated', info: { faultCode: 5, errorId: 'AccessDenied' } },
      });
      expect(JSON.stringify(refusal)).not.toContain(credential.password);
    }
    channel.close();
    await peer.stop();
    expect(count(peer, 'token')).toBe(2);
    expect(count(peer, 'refused')).toBe(1);
  });

  test('a fault comes through the seal', async () => {
    const peer = await acceptor();
    const channel = openChannel(at(peer.port, '/fault'), LOGIN, {});
    expect(await channel.post('<s:Fault/>', never)).toBe('<s:Fault/>');
    channel.close();
  });

  test('a cancelled request ends at once with its reason, and the next one signs in anew', async () => {
    const peer = await acceptor();
    const endpoint = { ...at(peer.port, '/wait-first') };
    const channel = openChannel(endpoint, LOGIN, {});
    const cancel = new AbortController();
    const waiting = channel.post('<a/>', cancel.signal);
    const queued = channel.post('<b/>', never);
    await expect.poll(() => count(peer, 'opened')).toBe(1);
    cancel.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await queued).toBe('<b/>');
    channel.close();
    await peer.stop();
    expect(count(peer, 'signed in')).toBe(2);
  });

  test('a connection that the server closed between two requests is replaced', async () => {
    const peer = await acceptor('--close-after', '1');
    const channel = openChannel(at(peer.port), LOGIN, {});
    for (const [i, soap] of ['<a/>', '<b/>', '<c/>'].entries()) {
      expect(await channel.post(soap, never)).toBe(soap);
      await expect.poll(() => count(peer, 'closed')).toBe(i + 1);
    }
    channel.close();
    await peer.stop();
    expect(count(peer, 'signed in')).toBe(3);
    expect(count(peer, 'opened')).toBe(3);
  });

  test('a server that forgot who asks is signed in to once more, and no more', async () => {
    const peer = await acceptor('--forget-after', '2');
    const channel = openChannel(at(peer.port), LOGIN, {});
    const identify = '<s:Envelope><s:Body><wsmid:Identify/></s:Body></s:Envelope>';
    for (const soap of ['<a/>', '<b/>', identify]) expect(await channel.post(soap, never)).toBe(soap);
    expect(await channel.post('<c/>', never)).toBe('<c/>');
    // The refusal is in clear, so what may change something is not sent again.
    await expect(channel.post('<d/>', never)).rejects.toMatchObject({ kind: 'unreachable' });
    channel.close();
    await peer.stop();
    expect(count(peer, 'signed in')).toBe(2);
    const deaf = await acceptor('--forget-after', '0');
    const other = openChannel(at(deaf.port), LOGIN, {});
    await expect(other.post('<a/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
    other.close();
    await deaf.stop();
    expect(count(deaf, 'signed in')).toBe(1);
  });

  test('two channels to one computer sign in each for itself', async () => {
    const peer = await acceptor();
    const channels = [1, 2].map(() => openChannel(at(peer.port), LOGIN, {}));
    expect(await Promise.all(channels.map((channel) => channel.post('<a/>', never)))).toEqual([
      '<a/>',
      '<a/>',
    ]);
    channels.forEach((channel) => channel.close());
    await peer.stop();
    expect(count(peer, 'signed in')).toBe(2);
  });
});

describe.skipIf(missingBackend !== undefined)('NTLM in front of real PowerShell', () => {
  test('makes, lists and removes sessions of the account that signed in, all of it sealed', async () => {
    const powershell = await startPowerShellServer({ unauthenticated: true });
    opened.push(powershell);
    const { killConnections } = powershell;
    await makeSessions({ ...powershell, killConnections, loseAnswer: () => Promise.resolve() }, [
      { name: 'Nightly', leave: {} },
    ]);
    // The server names its own account after the machine, whatever that is called.
    const [domain = '', username = ''] = (await powershell.state()).shells[0]?.owner.split('\\') ?? [];
    const peer = await startAcceptor(
      [
        { domain, username, password: 'Passw0rd!' },
        { ...ALICE, domain: 'OTHER' },
      ],
      ...['--backend', `http://127.0.0.1:${powershell.port}/wsman`],
    );
    opened.unshift(peer);
    const as = (name: string) =>
      openComputer({
        computerName: '127.0.0.1',
        options: { port: peer.port },
        credential: { username: name, password: 'Passw0rd!' },
      });
    const owner = as(`${domain}\\${username}`);
    expect((await owner.identify()).protocolVersion).toContain('wsman');
    const [session, ...others] = (await owner.list({}, { strict: true })).sessions;
    expect(others).toEqual([]);
    expect(session).toMatchObject({ name: 'Nightly', state: 'Disconnected', availability: 'None' });
    if (!session) return;
    const stranger = as('OTHER\\alice');
    expect((await stranger.list({}, { strict: true })).sessions).toEqual([]);
    stranger.close();
    await owner.remove(session, { force: true });
    expect((await owner.list({}, { strict: true })).sessions).toEqual([]);
    const made = await owner.create({ name: 'made', instanceId: '8b6e3d0f-4c2f-4b7a-9a51-0f2a6f1c7e55' });
    expect(made.session).toMatchObject({ state: 'Opened', shell: { owner: `${domain}\\${username}` } });
    await made.remove();
    owner.close();
    await peer.stop();
    expect(count(peer, 'plain')).toBe(0);
    // The stranger and the owner, once each: nothing waited, so nothing had to overtake on a second connection.
    expect(count(peer, 'signed in')).toBe(2);
  });
});
