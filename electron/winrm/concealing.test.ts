import { expect, test } from 'vitest';
import { concealing } from './concealing.ts';
import { toErrorInfo, WinRMError } from './error.ts';

const ALICE = { username: 'alice', password: 'S3cret Pw!xyz' };
const BASIC = Buffer.from('alice:S3cret Pw!xyz').toString('base64');

test('a password that a computer says back stands nowhere in the error, nor the header that holds it', () => {
  const error = new WinRMError('protocol', `web01 redirects to http://a/alice:S3cret Pw!xyz/${BASIC}.`, {
    causes: ['It said S3cret%20Pw!xyz.'],
    remedy: { text: `Ask http://a/${BASIC} directly.` },
    detail: `auth ${BASIC}`,
    location: `/${BASIC}`,
    faultCode: 5,
  });
  error.signIn = {
    scheme: 'Basic',
    mechanism: 'Basic',
    isBound: false,
    why: 'It was asked for.',
    refused: [],
  };
  const concealed = concealing(undefined, ALICE)(error) as WinRMError;
  const said =
    JSON.stringify([concealed.message, concealed.info, toErrorInfo(concealed)]) + String(concealed.stack);
  for (const secret of [BASIC, ALICE.password, 'S3cret%20Pw']) expect(said).not.toContain(secret);
  expect(concealed.message).toBe('web01 redirects to http://a/alice:***/***.');
  expect(toErrorInfo(concealed)).toMatchObject({
    ...{ kind: 'protocol', faultCode: 5, detail: 'auth ***', causes: ['It said ***.'] },
    ...{ remedy: { text: 'Ask http://a/*** directly.' }, signIn: { scheme: 'Basic' } },
  });
});

test('an error with nothing to hide is the very same; so is what is no error of ours', () => {
  const error = new WinRMError('denied', 'web01 let alice in.', { causes: ['No right.'], faultCode: 5 });
  expect(concealing(ALICE)(error)).toBe(error);
  expect(concealing()(error)).toBe(error);
  const other = new Error(ALICE.password);
  expect(concealing(ALICE)(other)).toBe(other);
});

test.each([
  ['a short one, which stands in other words', { username: 'alice', password: 'w0' }],
  ['one that is a word', { username: 'alice', password: 'computer' }],
  ['one that stands in the name', { username: 'LAB\\alice', password: 'Alice' }],
])('%s is not hidden by itself, but in the header', (_, credential) => {
  const conceal = concealing(credential);
  const error = new WinRMError('denied', 'The computer w01 let LAB\\alice in.');
  expect(conceal(error)).toBe(error);
  const header = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  expect((conceal(new WinRMError('denied', `It said ${header}.`)) as WinRMError).message).toBe(
    'It said ***.',
  );
});
