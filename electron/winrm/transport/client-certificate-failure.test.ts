import { expect, test } from 'vitest';
import { noTls } from './failure.ts';

const endpoint = { scheme: 'https', hostname: 'web01', port: 5986, path: '/wsman' } as const;
const alert = (code: string) => Object.assign(new Error('alert'), { code: `ERR_SSL_${code}` });

test('an illegal parameter is the curve of the certificate’s key, if one was shown', () => {
  const error = alert('SSLV3_ALERT_ILLEGAL_PARAMETER');
  expect(noTls(error, endpoint, true)).toMatchObject({
    kind: 'unauthenticated',
    message: 'web01 did not accept the client certificate.',
    info: { causes: [expect.stringContaining('a curve other than P-256')] },
  });
  expect(noTls(error, endpoint, false)).toMatchObject({ kind: 'protocol' });
});

test('that none was shown may be for the kind of its key', () => {
  expect(noTls(alert('TLSV13_ALERT_CERTIFICATE_REQUIRED'), endpoint, true)).toMatchObject({
    kind: 'denied',
    info: { causes: [expect.anything(), expect.stringContaining('a curve other than P-256')] },
  });
});
