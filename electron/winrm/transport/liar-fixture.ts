import type { Endpoint } from '../../../shared/computer.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { requestServer } from './raw-server-fixture.ts';

export const reply = (status: string, headers = '', body: Uint8Array | string = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    Buffer.from(body),
  ]);

/** Knows no password, says 200 to each by Negotiate, and answers what is then asked with this. */
export async function liar(then: Uint8Array): Promise<Endpoint> {
  const { endpoint } = await requestServer((socket, { authorization = '', body }) => {
    const token = Buffer.from(authorization.replace('Negotiate ', ''), 'base64');
    if (!authorization) {
      const isProbe = body.length === 0;
      return socket.write(isProbe ? reply('401 No', 'WWW-Authenticate: Negotiate\r\n') : then);
    }
    if (token.includes('NTLMSSP\0\x03')) return socket.write(reply('200 OK'));
    const stranger = new NegotiateAcceptor(
      { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
      { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(9) },
    );
    const challenge = Buffer.from(stranger.step(token) ?? []).toString('base64');
    return socket.write(reply('401 No', `WWW-Authenticate: Negotiate ${challenge}\r\n`));
  });
  return endpoint;
}
