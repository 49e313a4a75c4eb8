import { expect, test } from 'vitest';
import type { ErrorInfo } from '../shared/error.ts';
import { commonError, explanationOf, ofAny, withoutName } from './common-error.ts';

const failed = (computerName: string, error: Partial<ErrorInfo> = {}) => ({
  computerName,
  error: { kind: 'unreachable', message: `${computerName} is off.`, ...error } as const,
});

test('a cause is told so that it is true of any computer', () => {
  expect(ofAny('Add the account on web01.lab.test:', { computerName: 'web01.lab.test' })).toBe(
    'Add the account on each computer:',
  );
  expect(ofAny('web01 offers NTLM alone.', { computerName: 'web01' })).toBe(
    'Each computer offers NTLM alone.',
  );
  expect(ofAny('Written with its name, as web01\\user.', { computerName: 'web01.lab.test' })).toBe(
    'Written with its name, as COMPUTER\\user.',
  );
});

test('a name is a word of its own: neither a part of another one, nor of any word', () => {
  expect(withoutName('web1 and web10 and web1.lab.test. web1.', { computerName: 'web1' })).toBe(
    'each and web10 and web1.lab.test. each.',
  );
  expect(withoutName('is is up.', { computerName: 'up' })).toBe('is is each.');
  expect(withoutName('a certificate of a', { computerName: 'cert' })).toBe('a certificate of a');
});

test('what explains itself otherwise is another failure', () => {
  const explain = (name: string, cause: string) =>
    explanationOf(failed(name, { causes: [cause] }).error, { computerName: name });
  expect(explain('a1', 'a1 is not in DNS.')).toBe(explain('b1', 'b1 is not in DNS.'));
  expect(explain('a1', 'Port 5985 is filtered.')).not.toBe(explain('b1', 'Port 5986 is filtered.'));
});

test('of several, causes name none, commands all of them, and what each said is told with its name', () => {
  const one = (name: string) =>
    failed(name, {
      causes: [`${name} is not in DNS.`],
      remedy: { text: `Ask for ${name}:`, command: `nslookup ${name}` },
      detail: `ENOTFOUND ${name}`,
    });
  const { causes, remedy, detail } = commonError([one('a1'), one('b1')]);
  expect(causes).toEqual(['Each computer is not in DNS.']);
  expect(remedy).toEqual({ text: 'Ask for each computer:', command: 'nslookup a1\nnslookup b1' });
  expect(detail).toBe('a1: ENOTFOUND a1\nb1: ENOTFOUND b1');
  expect(commonError([one('a1')])).toEqual(one('a1').error);
});

test('what all share stands once', () => {
  const command = 'Get-PSSessionConfiguration';
  const one = (name: string) => failed(name, { remedy: { text: 'Look:', command }, detail: 'Denied' });
  expect(commonError([one('a1'), one('b1')])).toMatchObject({
    remedy: { text: 'Look:', command },
    detail: 'Denied',
  });
});
