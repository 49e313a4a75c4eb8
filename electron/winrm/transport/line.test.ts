import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';
import { through } from './through-fixture.ts';

afterEach(closeRawServers);
const never = new AbortController().signal;
const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const SOAP = 'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 4\r\n\r\n<a/>';
const empty = (status: number, server = '') =>
  `HTTP/1.1 ${status} X\r\n${server && `Server: ${server}\r\n`}Content-Length: 0\r\n\r\n`;
const HTTP_SYS = 'Microsoft-HTTPAPI/2.0';

/** What comes of posts one after the other, behind a proxy from which these answers come. */
async function answered(answers: readonly string[], options = BASIC, late?: WinRMError) {
  const stop = new AbortController();
  const left = [...answers];
  const { endpoint: proxy } = await requestServer((socket: Socket) => {
    socket.write(left.shift() ?? '');
    if (left.length === 0 && late) stop.abort(late);
  });
  const channel = openChannel({ scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' }, LOGIN, {
    ...options,
    proxy: through(proxy),
  });
  for (let i = 1; i < answers.length; i++) await channel.post('<a/>', never);
  const last = channel.post('<a/>', stop.signal);
  await last.catch(() => undefined);
  channel.close();
  return last;
}

describe('behind a proxy that passes requests on,', () => {
  test.each([
    [403, 'denied', /does not lead to web01, port 5985 \(HTTP 403\)/],
    [503, 'unreachable', /does not lead to web01, port 5985 \(HTTP 503\)/],
    [504, 'unreachable', /does not lead to web01, port 5985 \(HTTP 504\)/],
  ])('a first answer of %i is the proxy’s', async (status, kind, sentence) => {
    await expect(answered([empty(status)])).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(sentence) as string,
    });
  });

  test.each<[string, number, ChannelOptions, RegExp]>([
    ['no right to WinRM', 403, BASIC, /^web01 let the account in but does not allow it to use WinRM/],
    ['a stopped WinRM', 503, BASIC, /^web01 answers, but its WinRM service does not/],
    ['a stopped WinRM at a sign-in', 503, {}, /^web01 answers, but its WinRM service does not/],
  ])('%s, told by Windows’ own server, is the computer’s', async (_, status, options, sentence) => {
    await expect(answered([empty(status, HTTP_SYS)], options)).rejects.toMatchObject({
      message: expect.stringMatching(sentence) as string,
    });
  });

  test.each([
    [403, 'denied', 5],
    [503, 'unreachable', 2150859026],
  ])('%i after the computer has answered may be of either, and both are told', async (status, kind, code) => {
    const refused = answered([SOAP, empty(status)]);
    await expect(refused).rejects.toMatchObject({
      kind,
      faultCode: code,
      message: expect.stringMatching(/^web01, or the proxy .* answers no more than HTTP/) as string,
      info: {
        causes: expect.arrayContaining([
          expect.stringMatching(/^If it is the computer: /),
          expect.stringMatching(/^If it is the proxy: /),
        ]) as string[],
      },
    });
  });

  test('what is no HTTP is the proxy’s, not the computer’s', async () => {
    await expect(answered(['\u0000 noise\r\n\r\n'])).rejects.toThrow(
      /^The proxy .* does not answer as a proxy does/,
    );
  });

  test('silence is told of the proxy as long as nothing was heard of the computer', async () => {
    const timedOut = () => new WinRMError('timeout', 'No answer.', { errorId: 'WinRMOperationTimeout' });
    await expect(answered([''], BASIC, timedOut())).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/^The proxy .* took a request to web01, and no answer came/) as string,
    });
    await expect(answered([SOAP, ''], BASIC, timedOut())).rejects.toThrow('No answer.');
  });

  test('502 is never the computer’s', async () => {
    await expect(answered([SOAP, empty(502, HTTP_SYS)])).rejects.toThrow(
      /^The proxy .* does not lead to web01/,
    );
  });
});
