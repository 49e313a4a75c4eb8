import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { readSealed, SEALED_TYPE, writeSealed } from '../auth/sealed-mime.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { openChannel } from './connection.ts';
import { fake } from './kerberos-fixture.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const never = new AbortController().signal;
const SOAP = 'Content-Type: application/soap+xml;charset=UTF-8\r\n';

async function ask(endpoint: Endpoint): Promise<string> {
  const channel = openChannel(endpoint, LOGIN, {});
  try {
    return await channel.post('<a/>', never);
  } finally {
    channel.close();
  }
}

describe('a sign-in by Negotiate', () => {
  const reply = (status: string, headers: string, body: string | Uint8Array = '') =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
      Buffer.from(body),
    ]);
  const token = (bytes: Uint8Array | undefined) =>
    bytes ? `WWW-Authenticate: Negotiate ${Buffer.from(bytes).toString('base64')}\r\n` : '';

  /** Signs in rightly; `answer` then makes what goes back for each sealed request. */
  const signingIn = (answer: (acceptor: NegotiateAcceptor, plain: Uint8Array) => Buffer) => {
    const acceptors = new Map<Socket, NegotiateAcceptor>();
    return requestServer((socket, { authorization, body }) => {
      const acceptor =
        acceptors.get(socket) ??
        new NegotiateAcceptor(
          { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => 'Passw0rd!' },
          { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
        );
      acceptors.set(socket, acceptor);
      if (authorization) {
        const next = acceptor.step(Buffer.from(authorization.replace('Negotiate ', ''), 'base64'));
        return socket.write(reply(acceptor.complete ? '200 OK' : '401 No', token(next)));
      }
      const [part] = readSealed(body, SEALED_TYPE);
      socket.write(answer(acceptor, part ? acceptor.unwrap(part) : body));
    });
  };
  const sealed = (acceptor: NegotiateAcceptor, plain: Uint8Array) =>
    writeSealed({
      ...acceptor.wrap(plain),
      contentType: 'application/soap+xml;charset=UTF-8',
      plainLength: plain.length,
    });
  const SEALED = `Content-Type: ${SEALED_TYPE}\r\n`;
  const broken = expect.objectContaining({ kind: 'protocol' });

  test('works against this file’s own server, or the refusals below would prove nothing', async () => {
    const { endpoint, state } = await signingIn((acceptor, plain) =>
      reply('200 OK', SEALED, sealed(acceptor, plain)),
    );
    expect(await ask(endpoint)).toBe('<a/>');
    expect(state.requests).toBe(3);
  });

  test.each<[string, (acceptor: NegotiateAcceptor, plain: Uint8Array) => Buffer]>([
    ['in clear', () => reply('200 OK', SOAP, '<a/>')],
    ['in clear, as a fault', () => reply('500 No', SOAP, '<s:Fault/>')],
    ['in clear, as another kind of XML', () => reply('500 No', 'Content-Type: text/xml\r\n', '<s:Fault/>')],
    ['empty', () => reply('200 OK', '')],
    [
      'with one bit changed',
      (acceptor, plain) => {
        const body = sealed(acceptor, plain);
        body[body.length - 30] = (body[body.length - 30] ?? 0) ^ 1;
        return reply('200 OK', SEALED, body);
      },
    ],
    [
      'sealed twice over',
      (acceptor, plain) => {
        sealed(acceptor, plain);
        return reply('200 OK', SEALED, sealed(acceptor, plain));
      },
    ],
    [
      'that is our own request thrown back',
      (_, plain) =>
        reply(
          '200 OK',
          SEALED,
          writeSealed({
            header: new Uint8Array(16),
            data: plain,
            contentType: 'application/soap+xml',
            plainLength: plain.length,
          }),
        ),
    ],
    ['sealed, but no MIME', () => reply('200 OK', SEALED, 'x'.repeat(1000))],
  ])('an answer %s is not taken', async (_, answer) => {
    const { endpoint } = await signingIn(answer);
    await expect(ask(endpoint)).rejects.toEqual(broken);
  });

  test('an answer that is replayed is not taken', async () => {
    let recorded: Buffer | undefined;
    const { endpoint } = await signingIn(
      (acceptor, plain) => (recorded ??= reply('200 OK', SEALED, sealed(acceptor, plain))),
    );
    const channel = openChannel(endpoint, LOGIN, {});
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    await expect(channel.post('<a/>', never)).rejects.toEqual(broken);
    channel.close();
  });

  test('a server that refuses for ever is asked as often as there are ways, and told the password by none', async () => {
    const { endpoint, state } = await requestServer((socket) =>
      socket.write(
        reply(
          '401 No',
          'WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: Basic realm="x"\r\n',
        ),
      ),
    );
    await expect(ask(endpoint)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('Negotiate, NTLM, Basic'),
      // Why it was not Kerberos may be why nothing else was left.
      signIn: {
        mechanism: 'NTLM in Negotiate',
        refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('is an address') }],
      },
    });
    expect(state.requests).toBe(3);
  });

  test('a server that challenges for ever is answered once', async () => {
    const acceptor = () =>
      new NegotiateAcceptor(
        { computerName: 'W', domainName: 'L', passwordOf: () => 'x' },
        { now: () => 0, randomBytes: (n) => new Uint8Array(n) },
      );
    let first: Uint8Array | undefined;
    const { endpoint, state } = await requestServer((socket, { authorization }) => {
      first ??= acceptor().step(Buffer.from((authorization ?? '').replace('Negotiate ', ''), 'base64'));
      socket.write(reply('401 No', token(first)));
    });
    await expect(ask(endpoint)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(state.requests).toBe(2);
  });

  test.each([
    ['that is no base64', 'WWW-Authenticate: Negotiate !!!\r\n'],
    ['that is no token', `WWW-Authenticate: Negotiate ${Buffer.from('hello').toString('base64')}\r\n`],
    ['longer than any', `WWW-Authenticate: Negotiate ${'A'.repeat(70_000)}\r\n`],
  ])('a challenge %s is an error', async (_, headers) => {
    const { endpoint } = await requestServer((socket) => socket.write(reply('401 No', headers)));
    await expect(ask(endpoint)).rejects.toEqual(broken);
  });

  test('a server that lets anyone in is not believed', async () => {
    const { endpoint } = await requestServer((socket) => socket.write(reply('200 OK', SOAP, '<a/>')));
    await expect(ask(endpoint)).rejects.toMatchObject({ kind: 'denied' });
    for (const authentication of ['Negotiate', 'Kerberos'] as const) {
      const options = { authentication, kerberos: () => fake() };
      const account = { ...LOGIN, username: 'alice@lab.test' };
      const channel = openChannel({ ...endpoint, hostname: 'localhost' }, account, options);
      await expect(channel.post('<a/>', never)).rejects.toThrow(
        `by ${authentication}. It answers without asking`,
      );
      channel.close();
    }
  });
});
