import { afterEach, expect, test } from 'vitest';
import { diagnoseComputer, openComputer, WinRMError } from './index.ts';
import { closeRedirecting, serve } from './redirection-fixture.ts';

const LOGIN = { username: 'alice', password: 'Secret-9x!Zq' };
const BASIC = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
const SHELL = '0D5A3B9E-3B1F-4C7A-9E38-0F2B6B0C9D11';
const said = (name: string) => `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
  xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"
  xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
  xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"><s:Header/><s:Body>
  <n:EnumerateResponse><w:Items><rsp:Shell><rsp:ShellId>${SHELL}</rsp:ShellId><rsp:Name>${name}</rsp:Name>
  <rsp:ResourceUri>http://schemas.microsoft.com/powershell/Microsoft.PowerShell</rsp:ResourceUri>
  <rsp:Owner>${name}</rsp:Owner><rsp:State>Disconnected</rsp:State></rsp:Shell></w:Items><w:EndOfSequence/>
  </n:EnumerateResponse></s:Body></s:Envelope>`;

afterEach(closeRedirecting);

async function listed(name: string) {
  const { port } = await serve((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(said(name));
  });
  const options = { port, authentication: 'Basic', allowBasicOverHttp: true } as const;
  const computer = openComputer({ computerName: '127.0.0.1', options, credential: LOGIN });
  try {
    return (await computer.list({}, { strict: false })).sessions;
  } finally {
    computer.close();
  }
}

test.each([LOGIN.password, BASIC])(
  'a session that is called as the password that its computer was shown is not told so: %s',
  async (name) => {
    const [session] = await listed(`n ${name}`);
    expect(session).toMatchObject({
      name: 'n ***',
      instanceId: SHELL.toLowerCase(),
      shell: { owner: 'n ***' },
    });
  },
);

test('what diagnostics tell of is looked through for the passwords, the proxy’s too', async () => {
  const proxyCredential = { username: 'paul', password: 'Pr0xy-geheim' };
  const echoed = Buffer.from('paul:Pr0xy-geheim').toString('base64');
  const echo = () =>
    Promise.reject(new WinRMError('protocol', `It sends on to http://portal/?was=${echoed}.`));
  const soFar: string[] = [];
  const diagnosis = await diagnoseComputer(
    {
      computerName: 'srv1',
      options: { authentication: 'Basic', allowBasicOverHttp: true },
      credential: LOGIN,
      proxyCredential,
      probe: () => ({
        toProxy: undefined,
        lookUp: () => Promise.resolve(['10.0.0.1']),
        connect: () => Promise.resolve('10.0.0.1'),
        secure: echo,
        ask: echo,
        close: () => undefined,
      }),
      changed: (one) => soFar.push(JSON.stringify(one)),
    },
    new AbortController().signal,
  );
  expect(JSON.stringify(diagnosis)).toContain('was=***');
  for (const one of [...soFar, JSON.stringify(diagnosis)]) expect(one).not.toContain(echoed);
});
