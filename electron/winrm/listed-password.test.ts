import { afterEach, expect, test, vi } from 'vitest';
import { diagnoseComputer, openComputer, WinRMError } from './index.ts';
import type { OpenOptions } from './index.ts';
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

const identifiedAs = (vendor: string) => `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
  xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body>
  <i:IdentifyResponse><i:ProtocolVersion>1</i:ProtocolVersion><i:ProductVendor>${vendor}</i:ProductVendor>
  <i:ProductVersion>1</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>`;

afterEach(() => {
  vi.unstubAllEnvs();
  closeRedirecting();
});

const answering = (soap: string) =>
  serve((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(soap);
  });

const BASIC_OVER_HTTP = { authentication: 'Basic', allowBasicOverHttp: true } as const;
type Opened = ReturnType<typeof openComputer>;

async function asked<T>(open: Omit<OpenOptions, 'credential'>, question: (computer: Opened) => Promise<T>) {
  const computer = openComputer({ credential: LOGIN, ...open });
  try {
    return await question(computer);
  } finally {
    computer.close();
  }
}

async function listed(name: string) {
  const { port } = await answering(said(name));
  const open = { computerName: '127.0.0.1', options: { port, ...BASIC_OVER_HTTP } };
  return asked(open, async (computer) => (await computer.list({}, { strict: false })).sessions);
}

test.each([LOGIN.password, BASIC])(
  'a session that is called as the password that its computer was shown is not told so: %s',
  async (name) => {
    const [session] = await listed(`n ${name}`);
    expect(session).toMatchObject({
      name: 'n (hidden)',
      instanceId: SHELL.toLowerCase(),
      shell: { owner: 'n (hidden)' },
    });
  },
);

test.each([
  LOGIN.password,
  encodeURIComponent(LOGIN.password),
  JSON.stringify(LOGIN.password).slice(1, -1).replace('-', '\\u002d'),
  LOGIN.password.replace('!', '&amp;#33;'),
  Buffer.from(LOGIN.password).toString('base64'),
  BASIC,
])('nor is it told as what a computer is, as %s', async (vendor) => {
  const { port } = await answering(identifiedAs(`v ${vendor}`));
  const open = { computerName: '127.0.0.1', options: { port, ...BASIC_OVER_HTTP } };
  const { productVendor } = await asked(open, (computer) => computer.identify());
  expect(productVendor).toBe('v (hidden)');
});

test.skipIf(process.platform === 'win32').each(['Basic', 'Digest'] as const)(
  'a proxy that is shown its password writes it into no list, nor into what a computer is: %s',
  async (proxyAuthentication) => {
    const proxyCredential = { username: 'paul', password: 'Pr0xy-geheim' };
    const options = {
      ...BASIC_OVER_HTTP,
      sessionOption: { proxyAccessType: 'IEConfig', proxyAuthentication } as const,
    };
    const open = { computerName: 'srv1.invalid', options, proxyCredential };
    const told = proxyAuthentication === 'Basic' ? 'n (hidden)' : `n ${proxyCredential.password}`;
    const through = async (soap: string) => {
      const { port } = await answering(soap);
      vi.stubEnv('http_proxy', `http://127.0.0.1:${port}`);
      vi.stubEnv('no_proxy', '');
    };
    await through(said(`n ${proxyCredential.password}`));
    const { sessions } = await asked(open, (computer) => computer.list({}, { strict: false }));
    expect(sessions).toMatchObject([{ name: told, shell: { owner: told } }]);
    await through(identifiedAs(`n ${proxyCredential.password}`));
    expect(await asked(open, (computer) => computer.identify())).toMatchObject({ productVendor: told });
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
  expect(JSON.stringify(diagnosis)).toContain('was=(hidden)');
  for (const one of [...soFar, JSON.stringify(diagnosis)]) expect(one).not.toContain(echoed);
});
