import type { Credentials } from '../shared/credential.ts';
import { plainText } from '../shared/plain-text.ts';
import type { OptionField } from './option-fields.ts';
import { choice } from './option-inputs.ts';

/** Where a proxy is learnt from, and who is shown to it. No option names a proxy: that is the system's to say. */
export const proxyFields = (credentials: Credentials | undefined): readonly OptionField[] => [
  {
    id: 'proxyAccessType',
    label: 'Proxy',
    sentence:
      'Windows has one for the account and one for its services; elsewhere http_proxy, https_proxy and no_proxy count. Scripts (PAC, WPAD) are not run.',
    fallback: () => 'None',
    input: choice(
      ['None', 'None'],
      ['IEConfig', 'Of the account (IEConfig)'],
      ['AutoDetect', 'AutoDetect'],
      ['WinHttpConfig', 'Of Windows’ services (WinHttpConfig)'],
      ['NoProxyServer', 'Never (NoProxyServer)'],
    ),
  },
  {
    id: 'proxyAuthentication',
    label: 'Proxy authentication',
    sentence:
      'How the proxy’s account is proven; with Basic the proxy would read the password, so there the app shows it none.',
    fallback: () => 'Negotiate',
    input: choice(['Negotiate', 'Negotiate'], ['Digest', 'Digest'], ['Basic', 'Basic']),
  },
  {
    id: 'proxyCredential',
    label: 'Proxy credential',
    sentence: 'The saved credential that is proven to the proxy; the computer’s own never is.',
    fallback: () => 'None',
    input: choice(
      ...(credentials?.credentials ?? [])
        .filter(({ certificate }) => !certificate)
        .map(({ id, name }) => [id, plainText(name)] as const),
    ),
  },
];
