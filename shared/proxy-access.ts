/** PSSessionOption's ProxyAccessType: where the proxy is learnt from. None and NoProxyServer ask directly. */
export const PROXY_ACCESS_TYPES = [
  'None',
  'IEConfig',
  'WinHttpConfig',
  'AutoDetect',
  'NoProxyServer',
] as const;
export type ProxyAccessType = (typeof PROXY_ACCESS_TYPES)[number];

/** How an account is proven to a proxy; PowerShell takes no other. */
export const PROXY_AUTHENTICATIONS = ['Negotiate', 'Basic', 'Digest'] as const;
export type ProxyAuthentication = (typeof PROXY_AUTHENTICATIONS)[number];
