import { afterEach, expect, test } from 'vitest';
import { kerberosFailure } from '../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { openChannel } from './connection.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'alice@LAB.TEST', password: 'Passw0rd!' };
const never = new AbortController().signal;

test('the time of a computer runs while it is asked, and neither on the way to it nor while a KDC or another login is waited for', async () => {
  const told: string[] = [];
  const limit = { pause: () => void told.push('pause'), resume: () => void told.push('resume') };
  const kerberos: KerberosProvider = {
    takesShortNames: false,
    defaultRealm: () => 'LAB.TEST',
    logOn: () => {
      told.push('KDC');
      return Promise.reject(kerberosFailure('kdcUnreachable'));
    },
  };
  const beforeLogin = () => {
    told.push('login');
    const nothing = () => undefined;
    return Promise.resolve({ taken: nothing, refused: nothing, ended: nothing });
  };
  const { endpoint } = await requestServer((socket) => {
    told.push('request');
    socket.write('HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n');
  });
  const options = { authentication: 'Negotiate', kerberos: () => kerberos, beforeLogin } as const;
  const channel = openChannel({ ...endpoint, hostname: 'localhost' }, LOGIN, options);
  await expect(channel.post('<x/>', never, limit)).rejects.toThrow('localhost');
  channel.close();
  expect(told.slice(0, 6)).toEqual(['pause', 'login', 'KDC', 'resume', 'request', 'pause']);
  expect(told.slice(6).filter((word) => word !== 'request')).toEqual(
    told.slice(6).flatMap((word) => (word === 'request' ? ['resume', 'pause'] : [])),
  );
});
