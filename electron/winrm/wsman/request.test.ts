import { expect, test } from 'vitest';
import { xml } from '../xml.ts';
import { duration, SHELL_URI, toSoap } from './request.ts';

const address = {
  to: 'http://web01:5985/wsman',
  messageId: 'M',
  sessionId: 'S',
  operationId: 'O',
  maxEnvelopeSizeBytes: 512_000,
  operationTimeoutMs: 180_000,
  locale: 'en-US',
};

/** The header of a real Windows client's Enumerate (PowerShell pull request 21009), element by element. */
const WINDOWS_ORDER = [
  'a:To',
  'w:ResourceURI',
  'a:ReplyTo',
  'a:Address',
  'a:Action',
  'w:MaxEnvelopeSize',
  'a:MessageID',
  'w:Locale',
  'p:DataLocale',
  'p:SessionId',
  'p:OperationID',
  'p:SequenceId',
  'w:OperationTimeout',
];
const names = (soap: string) =>
  [...(/<s:Header>(.*)<\/s:Header>/s.exec(soap)?.[1] ?? '').matchAll(/<([a-z]+:\w+)/g)].map(
    ([, name]) => name,
  );

test('the headers stand in the order of Windows’ own client', () => {
  const soap = toSoap({ action: 'Enumerate', resourceUri: SHELL_URI, body: xml`<n:Enumerate/>` }, address);
  expect(names(soap)).toEqual(WINDOWS_ORDER);
  expect(soap).toContain(
    '<w:ResourceURI s:mustUnderstand="true">http://schemas.microsoft.com/wbem/wsman/1/windows/shell</w:ResourceURI>',
  );
  expect(soap).toContain(
    '<a:MessageID>uuid:M</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/>',
  );
  expect(soap).toContain(
    '<w:OperationTimeout>PT180.000S</w:OperationTimeout></s:Header><s:Body><n:Enumerate/></s:Body></s:Envelope>',
  );
});

test('options and selectors stand before the time-out, escaped', () => {
  const soap = toSoap(
    {
      action: 'Connect',
      resourceUri: 'urn:x',
      selectors: { ShellId: 'A&B' },
      options: [{ name: 'protocolversion', value: '2.3', mustComply: true }],
    },
    address,
  );
  expect(soap).toContain(
    '<w:OptionSet s:mustUnderstand="true"><w:Option Name="protocolversion" MustComply="true">2.3</w:Option></w:OptionSet><w:SelectorSet><w:Selector Name="ShellId">A&amp;B</w:Selector></w:SelectorSet><w:OperationTimeout>',
  );
});

test('Identify has no header', () => {
  expect(toSoap({ action: 'Identify', resourceUri: '' }, address)).toBe(
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>',
  );
});

test('a duration is spelt as Windows’ client spells it', () => {
  expect(duration(180_000)).toBe('PT180.000S');
  expect(duration(1)).toBe('PT0.001S');
});
