import { expect, test } from 'vitest';
import { endpointUrl, toEndpoint } from './endpoint.ts';
import type { ConnectionOptions } from './computer.ts';

test.each<[string, ConnectionOptions, string]>([
  ['web01', {}, 'http://web01:5985/wsman'],
  ['web01', { useSSL: true }, 'https://web01:5986/wsman'],
  ['web01', { port: 80 }, 'http://web01:80/wsman'],
  ['web01', { useSSL: true, port: 443 }, 'https://web01:443/wsman'],
  ['.', {}, 'http://localhost:5985/wsman'],
  ['localhost', { useSSL: true }, 'https://localhost:5986/wsman'],
  ['::1', {}, 'http://[::1]:5985/wsman'],
  ['[fe80::1%eth0]', {}, 'http://[fe80::1%eth0]:5985/wsman'],
  ['10.0.0.5', { applicationName: '/Some App' }, 'http://10.0.0.5:5985/Some%20App'],
  ['web01', { applicationName: 'a/b' }, 'http://web01:5985/a/b'],
  ['web01', { applicationName: '' }, 'http://web01:5985/wsman'],
])('%s with %j is asked at %s', (name, options, url) => {
  expect(endpointUrl(toEndpoint(name, options))).toBe(url);
});
