import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { findProxy, queryRegistry } from './find-proxy.ts';
import type { ProxySurroundings } from './find-proxy.ts';

const at = (hostname: string, scheme: Endpoint['scheme'] = 'http', port = 5985): Endpoint => ({
  scheme,
  hostname,
  port,
  path: '/wsman',
});
const system = (platform: NodeJS.Platform, rest: Partial<ProxySurroundings> = {}): ProxySurroundings => ({
  platform,
  environment: {},
  registry: () => Promise.resolve(''),
  ...rest,
});
const EVERYWHERE = { https_proxy: 'http://sec:8443', http_proxy: 'plain', NO_PROXY: '.lab, host:99 ::1' };

describe('the environment', () => {
  const linux = system('linux', { environment: EVERYWHERE });
  test.each([
    [at('web01'), { hostname: 'plain', port: 80 }],
    [at('web01', 'https'), { hostname: 'sec', port: 8443 }],
    [at('db.LAB'), undefined],
    [at('lab'), undefined],
    [at('slab'), { hostname: 'plain', port: 80 }],
    [at('host'), { hostname: 'plain', port: 80 }],
    [at('host', 'http', 99), undefined],
    [at('::1'), undefined],
  ])('names the proxy for %j', async (endpoint, proxy) => {
    expect(await findProxy('IEConfig', endpoint, linux)).toEqual(proxy);
    expect(await findProxy('AutoDetect', endpoint, linux)).toEqual(proxy);
  });

  test.each([
    ['10.255.0.1', '10.0.0.0/8', true],
    ['11.0.0.1', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3/32 x', true],
    ['10.1.2.4', '10.1.2.3/32', false],
    ['fd00::5', 'fd00::/8', true],
    ['FD00::5', 'fd00::/8', true],
    ['fe80::5', 'fd00::/8', false],
    ['10.0.0.1', '10.0.0.0/33, 10.0.0.0/, /8', false],
    ['web01', '0.0.0.0/0', false],
  ])('asks %s without a proxy where no_proxy is %s: %s', async (host, no_proxy, isWithout) => {
    const environment = { http_proxy: 'http://p:3128', no_proxy };
    const proxy = await findProxy('IEConfig', at(host), system('linux', { environment }));
    expect(proxy === undefined).toBe(isWithout);
  });

  test('has HTTP_PROXY in capitals ignored, as by curl, and the others not', async () => {
    const capitals = (environment: ProxySurroundings['environment'], scheme: Endpoint['scheme']) =>
      findProxy('IEConfig', at('web01', scheme), system('linux', { environment }));
    expect(await capitals({ HTTP_PROXY: 'http://p:3128' }, 'http')).toBeUndefined();
    expect(await capitals({ ALL_PROXY: 'http://p:3128' }, 'http')).toEqual({ hostname: 'p', port: 3128 });
    expect(await capitals({ HTTPS_PROXY: 'http://p:3128' }, 'https')).toEqual({ hostname: 'p', port: 3128 });
  });

  test('is not looked at by None and NoProxyServer', async () => {
    expect(await findProxy('None', at('web01'), linux)).toBeUndefined();
    expect(await findProxy('NoProxyServer', at('web01'), linux)).toBeUndefined();
  });

  test('without a proxy leads nowhere but to the computer', async () => {
    expect(await findProxy('IEConfig', at('web01'), system('darwin'))).toBeUndefined();
  });

  test('has no WinHTTP, which is said', async () => {
    await expect(async () => findProxy('WinHttpConfig', at('web01'), linux)).rejects.toThrow(
      /part of Windows/,
    );
  });

  test.each(['https://proxy:1', 'socks5://proxy', 'http://', 'not a proxy'])(
    'with %s is refused, not passed over',
    async (http_proxy) => {
      const odd = system('linux', { environment: { http_proxy } });
      await expect(findProxy('IEConfig', at('web01'), odd)).rejects.toMatchObject({ kind: 'invalid' });
    },
  );
});

describe('Windows', () => {
  const registry = (printed: string, key = 'HKCU') =>
    system('win32', { registry: (asked) => Promise.resolve(asked.startsWith(key) ? printed : '') });
  const printed = (...values: string[]) =>
    `\r\nHKEY_CURRENT_USER\\…\r\n${values.map((one) => `    ${one}\r\n`).join('')}\r\n`;

  test('has one proxy an account, and those asked without', async () => {
    const windows = registry(
      printed(
        'ProxyEnable    REG_DWORD    0x1',
        'ProxyServer    REG_SZ    http=p1:8080;https=p2:8081',
        'ProxyOverride    REG_SZ    *.lab;10.*;<local>',
      ),
    );
    const find = (endpoint: Endpoint) => findProxy('IEConfig', endpoint, windows);
    expect(await find(at('web01.corp'))).toEqual({ hostname: 'p1', port: 8080 });
    expect(await find(at('web01.corp', 'https'))).toEqual({ hostname: 'p2', port: 8081 });
    expect(await find(at('a.lab'))).toBeUndefined();
    expect(await find(at('10.1.2.3'))).toBeUndefined();
    expect(await find(at('web01'))).toBeUndefined();
  });

  test('with its proxy switched off asks directly', async () => {
    const windows = registry(printed('ProxyEnable    REG_DWORD    0x0', 'ProxyServer    REG_SZ    p1:8080'));
    expect(await findProxy('IEConfig', at('web01'), windows)).toBeUndefined();
  });

  test('with a script says that it is not run', async () => {
    const script = registry(printed('AutoConfigURL    REG_SZ    http://pac/'));
    await expect(findProxy('IEConfig', at('web01'), script)).rejects.toThrow(/script/);
    await expect(findProxy('AutoDetect', at('web01'), script)).rejects.toThrow(/WPAD/);
  });

  test('has another proxy for its services', async () => {
    const text = (value: string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(value.length);
      return Buffer.concat([length, Buffer.from(value)]).toString('hex');
    };
    const value = `1800000000000000${'03000000'}${text('proxy:3128')}${text('*.lab')}`;
    const of = (hex: string) => registry(printed(`WinHttpSettings    REG_BINARY    ${hex}`), 'HKLM');
    expect(await findProxy('WinHttpConfig', at('web01'), of(value))).toEqual({
      hostname: 'proxy',
      port: 3128,
    });
    expect(await findProxy('WinHttpConfig', at('x.lab'), of(value))).toBeUndefined();
    const direct = of(`1800000000000000${'01000000'}${text('')}${text('')}`);
    expect(await findProxy('WinHttpConfig', at('web01'), direct)).toBeUndefined();
    expect(await findProxy('WinHttpConfig', at('web01'), of('18000000'))).toBeUndefined();
  });
});

test('the registry is asked with the program of Windows, not with one of its name that lies about', async () => {
  const asked: unknown[] = [];
  const execute = (file: string, args: unknown) => {
    asked.push([file, args]);
    return Promise.resolve({ stdout: 'printed' });
  };
  expect(await queryRegistry('HKCU', { SystemRoot: 'D:\\WINNT' }, execute)).toBe('printed');
  await queryRegistry('HKCU', {}, execute);
  expect(asked).toEqual([
    ['D:\\WINNT\\System32\\reg.exe', ['query', 'HKCU']],
    ['C:\\Windows\\System32\\reg.exe', ['query', 'HKCU']],
  ]);
});
