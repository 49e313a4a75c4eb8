import { afterEach, expect, test } from 'vitest';
import { diagnoseComputer } from '../index.ts';
import { reply } from '../transport/liar-fixture.ts';
import { closeRawServers, requestServer } from '../transport/raw-server-fixture.ts';

afterEach(closeRawServers);

const CODE = '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="1326"/>';
const FAULT = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Detail>${CODE}</s:Detail></s:Fault></s:Body></s:Envelope>`;

test('an account that a fault refuses has causes and a remedy that are not those of the warning before', async () => {
  const { endpoint } = await requestServer((socket, { authorization }) =>
    socket.write(
      authorization
        ? reply('500 No', 'Content-Type: application/soap+xml\r\n', FAULT)
        : reply('401 No', 'WWW-Authenticate: Basic realm="r"\r\n'),
    ),
  );
  const { rungs } = await diagnoseComputer(
    {
      computerName: '127.0.0.1',
      credential: { username: 'alice', password: 'Passw0rd!' },
      options: { port: endpoint.port, authentication: 'Basic', allowBasicOverHttp: true },
    },
    new AbortController().signal,
  );
  expect(rungs.find(({ name }) => name === 'tls')?.remedy?.text).toContain('Use TLS');
  expect(rungs.find(({ name }) => name === 'signIn')).toMatchObject({
    verdict: 'failed',
    remedy: { text: expect.stringContaining('lock-out') as string },
    error: {
      causes: [
        expect.stringContaining('password is wrong'),
        expect.any(String),
        expect.any(String),
      ] as string[],
    },
  });
});
