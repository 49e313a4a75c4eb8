import { expect, test } from 'vitest';
import { toErrorInfo, WinRMError } from '../error.ts';
import { errorIdOf, FAULT_MEANINGS } from './fault-codes.ts';
import { readResponse } from './fault.ts';

const F = 'xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"';
const envelope = (body: string, header = '') =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
const fault = (code: string, message: string, subcode = 'w:InternalError') =>
  envelope(
    `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">reason</s:Text></s:Reason><s:Detail>${code ? `<f:WSManFault ${F} Code="${code}" Machine="H"><f:Message>${message}</f:Message></f:WSManFault>` : ''}</s:Detail></s:Fault>`,
  );

function thrown(soap: string) {
  try {
    readResponse(soap, 'A1');
  } catch (error) {
    expect(error).toBeInstanceOf(WinRMError);
    return toErrorInfo(error);
  }
  throw new Error('It was taken.');
}

test('a fault is a sentence, causes, a remedy, its number, PowerShell’s word and the server’s text', () => {
  expect(thrown(fault('2150858843', 'The request contained invalid selectors.'))).toMatchObject({
    kind: 'fault',
    message: 'The session is not there any more.',
    faultCode: 2150858843,
    errorId: 'CannotConnectTargetSessionDoesNotExist',
    detail: 'The request contained invalid selectors.',
    remedy: { text: 'Refresh the list of sessions.' },
  });
});

test('a password that was refused is told apart from one that nobody could judge', () => {
  expect(thrown(fault('1326', 'x')).kind).toBe('unauthenticated');
  expect(thrown(fault('1311', 'x'))).toMatchObject({ kind: 'denied', errorId: 'AuthenticationFailed' });
});

test('whatever is wrong with the account, in whatever form of the number, is a refusal of it', () => {
  for (const code of [1326, 1327, 1328, 1329, 1330, 1331, 1385, 1793, 1907, 1909])
    for (const form of [code, 0x80070000 + code, (0x80070000 + code) | 0])
      expect(thrown(fault(String(form), 'x')).kind).toBe('unauthenticated');
  expect(thrown(fault(String(0x8009030c), 'x')).kind).toBe('unauthenticated');
});

test('the code counts as 32 bits, signed or not', () => {
  for (const code of ['2150859213', '-2144108083', '6445826509']) {
    expect(thrown(fault(code, 'x'))).toMatchObject({
      faultCode: 2150859213,
      errorId: 'CannotConnectAlreadyConnected',
    });
  }
});

test('a fault without a number has no word', () => {
  expect(thrown(fault('0', 'x')).errorId).toBeUndefined();
});

test('the words are the innermost of nested plugin faults', () => {
  const nested = `<f:ProviderFault provider="Shell provider" path="p"><f:WSManFault ${F} Code="1"><f:Message>inner words</f:Message></f:WSManFault></f:ProviderFault>`;
  expect(thrown(fault('2150859999', nested))).toMatchObject({
    message: 'inner words',
    faultCode: 2150859999,
    errorId: '-2144107297',
  });
});

test.each([
  ['w:TimedOut', 'timeout', 2150858793],
  ['w:AccessDenied', 'denied', 5],
  ['w:InvalidSelectors', 'fault', 2150858843],
])('without a WSManFault %s stands for its code', (subcode, kind, faultCode) => {
  expect(thrown(fault('', '', subcode))).toMatchObject({ kind, faultCode, detail: 'reason' });
});

test('a fault that says nothing still says so', () => {
  expect(thrown(envelope('<s:Fault/>'))).toEqual({
    kind: 'fault',
    message: 'The computer answered with a fault that says nothing.',
  });
  expect(thrown(fault('abc', '')).message).toBe('reason');
});

test('no more of a server’s text is kept than PowerShell reads', () => {
  const { detail } = thrown(fault('5', 'x'.repeat(100_000)));
  expect(detail).toHaveLength(4096);
  expect(detail?.at(-1)).toBe('…'); // or a secret that the cut goes through could not be told
});

test.each([
  ['other XML', '<html/>'],
  ['SOAP 1.1', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'],
  ['no body', '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>'],
  ['the answer to another request', envelope('', '<a:RelatesTo>uuid:B2</a:RelatesTo>')],
])('%s is a broken protocol', (_, soap) => {
  expect(thrown(soap).kind).toBe('protocol');
});

test('the answer to this request is taken, however its id is spelt', () => {
  expect(
    readResponse(envelope('<x xmlns=""/>', '<a:RelatesTo>UUID:a1</a:RelatesTo>'), 'A1').body.children,
  ).toHaveLength(1);
});

test('PowerShell’s words, and the signed number where it has none', () => {
  expect(errorIdOf(5)).toBe('AccessDenied');
  expect(errorIdOf(2150858770)).toBe('CannotConnect');
  expect(errorIdOf(2150859173)).toBe('-2144108123');
  expect(FAULT_MEANINGS.size).toBeGreaterThan(50);
});
