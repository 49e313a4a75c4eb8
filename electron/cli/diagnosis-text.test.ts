import { expect, test } from 'vitest';
import { diagnosisText } from './diagnosis-text.ts';

test('how the proxy was signed in to stands apart from the computer', () => {
  const text = diagnosisText('web01', {
    ...{ url: 'https://web01:5986/wsman', port: 5986, at: 0, ms: 1, rungs: [] },
    signIn: {
      ...{ scheme: 'Negotiate', mechanism: 'NTLM', isBound: true, why: 'It is so.', refused: [] },
      proxy: {
        ...{ mechanism: 'Kerberos in Negotiate', account: 'paul@LAB.TEST', spn: 'HTTP/proxy' },
        ...{ why: 'The proxy has a name.', refused: [{ mechanism: 'Other', why: 'It is not there.' }] },
      },
    },
  });
  const [, behind = ''] = text.split('At the proxy');
  expect(behind).toMatch(/Used +Kerberos in Negotiate, as paul@LAB\.TEST, for HTTP\/proxy\n/);
  expect(behind).toMatch(/Because +The proxy has a name\.\n +Not Other +It is not there\./);
});

test('what stands behind a failure is told with what to do about it', () => {
  const error = {
    kind: 'untrusted',
    message: 'It could not be checked.',
    detail: 'Of the OCSP responder at pki: it is not reached.',
  } as const;
  const text = diagnosisText('web01', {
    ...{ url: 'https://web01:5986/wsman', port: 5986, at: 0, ms: 1 },
    rungs: [{ name: 'tls', verdict: 'failed', sentence: error.message, error }],
  });
  expect(text).toMatch(/What to do\n +Detail +Of the OCSP responder at pki: it is not reached\.\n/);
});
