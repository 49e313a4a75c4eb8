import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { tlsServerEndPoint } from '../../electron/winrm/auth/channel-binding.ts';
import { CredsspClient } from '../../electron/winrm/auth/credssp/credssp-client.ts';
import type { CredsspOptions } from '../../electron/winrm/auth/credssp/credssp-client.ts';
import { subjectPublicKey } from '../../electron/winrm/auth/credssp/key-binding.ts';
import { decodeTsRequest } from '../../electron/winrm/auth/credssp/ts-request.ts';
import { NtlmClient } from '../../electron/winrm/auth/ntlm.ts';
import { peerCertificate } from '../../electron/winrm/transport/tls.ts';
import { missingFreeRdp, startFreeRdp } from '../peers/credssp/freerdp.ts';
import { announceSkip } from '../peers/skip.ts';

const ALICE = { username: 'alice', password: 'Passw0rd!' };
/** RDP's negotiation asks for TLS or CredSSP in it (MS-RDPBCGR 2.2.1.1); CredSSP is chosen. */
const X224_REQUEST = Buffer.from('030000130ee000000000000100080003000000', 'hex');
const HYBRID = 2;

const missing = announceSkip('CredSSP against FreeRDP', missingFreeRdp());
const opened: { stop(): Promise<void> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  for (const peer of opened.splice(0)) await peer.stop();
});

/** TLS, as RDP comes to it. */
async function tlsOf(port: number): Promise<TLSSocket> {
  const tcp = connectTcp(port, '127.0.0.1');
  sockets.push(tcp);
  tcp.on('error', () => undefined);
  await new Promise((resolve) => tcp.once('connect', resolve));
  tcp.write(X224_REQUEST);
  const answer = await new Promise<Buffer>((resolve) => tcp.once('data', resolve));
  expect(answer.readUInt32LE(15)).toBe(HYBRID);
  const tls = connectTls({ socket: tcp, rejectUnauthorized: false });
  tls.on('error', () => undefined);
  await new Promise((resolve) => tls.once('secureConnect', resolve));
  return tls;
}

/** The next whole message; undefined where the server closed. */
async function nextMessage(tls: TLSSocket): Promise<Uint8Array | undefined> {
  let held = Buffer.alloc(0);
  const isWhole = () => {
    const first = held[1] ?? 0x80;
    const bytes = first < 0x80 ? 0 : first & 0x7f;
    if (held.length < 2 + bytes) return false;
    return held.length >= 2 + bytes + (bytes ? held.readUIntBE(2, bytes) : first);
  };
  return new Promise((resolve) => {
    const end = (message: Uint8Array | undefined) => {
      tls.off('data', take).off('close', closed).pause(); // what comes before the next is asked for waits
      resolve(message);
    };
    const take = (piece: Buffer) => {
      held = Buffer.concat([held, piece]);
      if (isWhole()) end(held);
    };
    const closed = () => end(undefined);
    if (tls.closed) return closed();
    tls.on('data', take).once('close', closed).resume();
  });
}

/** Signs in as far as the server goes along; the versions and fields of its messages. */
async function signIn(port: number, credential = ALICE, change: Partial<CredsspOptions> = {}) {
  const tls = await tlsOf(port);
  const certificate = peerCertificate(tls);
  if (!certificate) throw new Error('no certificate');
  const channelBinding = tlsServerEndPoint(certificate.raw);
  const ambient = { now: Date.now, randomBytes };
  const inner = new NtlmClient(
    credential,
    { targetName: 'TERMSRV/127.0.0.1', ...(channelBinding && { channelBinding }) },
    ambient,
  );
  const publicKey = subjectPublicKey(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  const client = new CredsspClient(
    { inner, credential, publicKey, allowOldVersions: false, ...change },
    ambient,
  );
  const heard: string[] = [];
  let message = await client.step();
  while (!client.complete) {
    const next = nextMessage(tls);
    tls.write(message);
    const answer = await next;
    if (!answer) return { client, tls, heard: [...heard, 'closed'] };
    const fields = Object.entries(decodeTsRequest(answer)).filter(([, value]) => value !== undefined);
    heard.push(fields.map(([name]) => name).join(' '));
    message = await client.step(answer);
  }
  tls.write(message);
  return { client, tls, heard };
}

describe.skipIf(missing)('CredSSP against FreeRDP', () => {
  const serve = async () => {
    const peer = await startFreeRdp(ALICE);
    opened.push(peer);
    return peer;
  };

  test('the password is proven, the key of TLS bound with a nonce, and the password taken', async () => {
    const peer = await serve();
    const { client, tls, heard } = await signIn(peer.port);
    expect(heard).toEqual(['version negoToken clientNonce', 'version pubKeyAuth clientNonce']);
    expect(client.version).toBe(6);
    // It goes on to RDP itself, which this is not.
    tls.write(Buffer.from('0300000c02f0807f65820000', 'hex'));
    await expect.poll(() => peer.log(), { timeout: 10_000 }).toContain('accept_mcs_connect_initial');
    expect(peer.log()).not.toContain('authentication failure');
  });

  test.each<[string, typeof ALICE, Partial<CredsspOptions>, RegExp]>([
    ['a wrong password', { ...ALICE, password: 'passw0rd!' }, {}, /Message Integrity Check/],
    ['an unknown user', { ...ALICE, username: 'mallory' }, {}, /Could not find user/],
    [
      'a binding to another key, as of somebody between,',
      ALICE,
      { publicKey: new Uint8Array(270).fill(0x30) },
      /authentication failure/,
    ],
  ])('%s is refused before the password is handed over', async (_, credential, change, reason) => {
    const peer = await serve();
    const { client, heard } = await signIn(peer.port, credential, change);
    expect(heard).toEqual(['version negoToken clientNonce', 'closed']);
    expect(client.complete).toBe(false);
    await expect.poll(() => peer.log(), { timeout: 10_000 }).toMatch(reason);
  });
});
