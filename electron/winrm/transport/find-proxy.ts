import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import { promisify } from 'node:util';
import type { Endpoint, ProxyAccessType } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import {
  environmentProxies,
  proxyFor,
  registryValue,
  windowsProxies,
  winHttpProxies,
} from './proxy-settings.ts';
import type { Proxy, ProxySettings } from './proxy-settings.ts';

/** What a system says of its proxies. */
export interface ProxySurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `reg query KEY` prints; empty where there is no such key. */
  readonly registry: (key: string) => Promise<string>;
}

const SETTINGS = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

export const SYSTEM: ProxySurroundings = {
  platform: process.platform,
  environment: process.env,
  registry: (key) => {
    const known = printed.get(key);
    if (known && performance.now() - known.at < REMEMBERED_MS) return known.text;
    const text = queryRegistry(key);
    printed.set(key, { text, at: performance.now() });
    return text;
  },
};

/** A sweep asks once, not for each computer. */
const REMEMBERED_MS = 30_000;
const printed = new Map<string, { readonly text: Promise<string>; readonly at: number }>();

const run = promisify(execFile);

/**
 * What `reg query` prints. It is named by its whole path: of a bare name Windows takes what lies where this program was
 * started before its own.
 *
 * @param execute runs a program
 */
export async function queryRegistry(
  key: string,
  environment: ProxySurroundings['environment'] = process.env,
  execute: (...command: Parameters<typeof run>) => Promise<{ readonly stdout: string }> = run,
): Promise<string> {
  const reg = win32.join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  try {
    const { stdout } = await execute(reg, ['query', key], { windowsHide: true, timeout: 5_000 });
    return stdout;
  } catch {
    return ''; // there is no such key
  }
}

/**
 * The proxy for a computer, as ProxyAccessType says where to look. A proxy is never named by an option: whoever sets one
 * chooses among what the system has.
 *
 * @returns undefined where it is asked directly
 * @throws WinRMError 'invalid' for what this system does not have, or cannot be read
 */
export async function findProxy(
  accessType: ProxyAccessType,
  endpoint: Endpoint,
  system: ProxySurroundings = SYSTEM,
): Promise<Proxy | undefined> {
  if (accessType === 'None' || accessType === 'NoProxyServer') return undefined;
  const settings = await (system.platform === 'win32' ? onWindows : elsewhere)(accessType, system);
  return settings && proxyFor(settings, endpoint);
}

function elsewhere(
  accessType: ProxyAccessType,
  { environment }: ProxySurroundings,
): Promise<ProxySettings | undefined> {
  if (accessType === 'WinHttpConfig')
    throw unknown(
      'WinHttpConfig',
      'WinHTTP is a part of Windows. IEConfig reads http_proxy and https_proxy.',
    );
  return Promise.resolve(environmentProxies(environment));
}

async function onWindows(
  accessType: ProxyAccessType,
  { registry }: ProxySurroundings,
): Promise<ProxySettings | undefined> {
  if (accessType === 'AutoDetect')
    throw unknown('AutoDetect', 'It takes a script from the network (WPAD), which is not run here.');
  if (accessType === 'WinHttpConfig') {
    const value = registryValue(await registry(`HKLM\\${SETTINGS}\\Connections`), 'WinHttpSettings');
    return value === undefined ? undefined : winHttpProxies(value);
  }
  const printed = await registry(`HKCU\\${SETTINGS}`);
  if (registryValue(printed, 'AutoConfigURL'))
    throw unknown(
      'IEConfig',
      'The proxy of this account is chosen by a script (AutoConfigURL), which is not run here.',
    );
  const isOn = Number(registryValue(printed, 'ProxyEnable') ?? 0) !== 0;
  const server = registryValue(printed, 'ProxyServer');
  return isOn && server ? windowsProxies(server, registryValue(printed, 'ProxyOverride') ?? '') : undefined;
}

const unknown = (accessType: string, why: string) =>
  new WinRMError('invalid', `No proxy can be found by ProxyAccessType ${accessType}. ${why}`, {
    remedy: { text: 'Choose another ProxyAccessType.' },
  });
