import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalJson, deserialized, dotNetType } from './fixtures/canonical-json.ts';
import { berlin, goldenOptions } from './fixtures/goldens.ts';
import type { GoldenCase, GoldenMessage } from './fixtures/goldens.ts';
import { decodeMessage, MESSAGE_TYPES } from './message.ts';
import { readClixml, readClixmlValues } from './read-clixml.ts';
import { toText } from './to-text.ts';
import { isObject } from './value.ts';
import type { PSValue } from './value.ts';
import { writeClixml } from './write-clixml.ts';

const FIXTURES = resolve(import.meta.dirname, 'fixtures');
const CORPUS = resolve(import.meta.dirname, '../../../../shared/peers/powershell/clixml-corpus.json');

const hasCorpus = existsSync(CORPUS);
if (!hasCorpus)
  process.stdout.write('skipped: the whole CLIXML corpus: it does not lie beside the project\n');

const lines = <T>(name: string) =>
  readFileSync(resolve(FIXTURES, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** PowerShell opens these with a key that it has, and fails; we hand them on as they came. */
const OPAQUE = /^<SS>|<SS>/;
/** PowerShell turns the text into an XmlDocument and back, which spells a DTD anew; we keep the text. */
const RESPELT = "XD '&lt;!DOCTYPE a&gt;&lt;a/&gt;'";

/** `[PSObject].TypeNames` of what has none of its own. */
const NATURAL: Readonly<Record<string, readonly string[]>> = {
  'System.String': ['System.String', 'System.Object'],
  'System.Uri': ['System.Uri', 'System.Object'],
  'System.Version': ['System.Version', 'System.Object'],
  'System.Byte[]': ['System.Byte[]', 'System.Array', 'System.Object'],
  'System.Xml.XmlDocument': ['System.Xml.XmlDocument', 'System.Xml.XmlNode', 'System.Object'],
  'System.Security.SecureString': ['System.Security.SecureString', 'System.Object'],
  'System.Management.Automation.ProgressRecord': [
    'System.Management.Automation.ProgressRecord',
    'System.Object',
  ],
  'System.Management.Automation.PSCustomObject': [
    'System.Management.Automation.PSCustomObject',
    'System.Object',
  ],
  'System.Collections.ArrayList': ['System.Collections.ArrayList', 'System.Object'],
  'System.Collections.Stack': ['System.Collections.Stack', 'System.Object'],
  'System.Collections.Queue': ['System.Collections.Queue', 'System.Object'],
  'System.Collections.Hashtable': ['System.Collections.Hashtable', 'System.Object'],
};

function typeNamesOf(value: PSValue): readonly string[] {
  for (let at = value as PSValue | undefined; isObject(at); at = at.base as PSValue | undefined) {
    if (at.typeNames) return at.typeNames.map(deserialized);
  }
  const type = dotNetType(value);
  return NATURAL[type] ?? [type, 'System.ValueType', 'System.Object'];
}

function check(golden: GoldenCase): void {
  if (golden.error !== undefined) {
    if (OPAQUE.test(golden.clixml)) return expect(() => readClixml(golden.clixml)).not.toThrow();
    return expect(() => readClixml(golden.clixml)).toThrow(
      expect.objectContaining({ name: 'WinRMError', kind: 'protocol' }),
    );
  }
  const options = goldenOptions(golden.secrets);
  const values = readClixmlValues(golden.clixml);
  const [value = null] = values;
  const found = values.map((one) => canonicalJson(one, options));
  if (golden.name === RESPELT) return expect(value).toEqual({ type: 'Xml', value: '<!DOCTYPE a><a/>' });
  expect(found.length === 1 ? found[0] : { documents: found }).toEqual(golden.value);
  if (found.length !== 1 || value === null) return;
  // PowerShell's text of a local time is that of its own zone.
  expect(toText(value, berlin)).toBe(golden.toString);
  expect(typeNamesOf(value)).toEqual(golden.typeNames);
}

function checkWriting({ clixml }: { readonly clixml: string }): void {
  expect(writeClixml(readClixml(clixml))).toBe(clixml);
}

function checkMessage({ header, clixml, messageType, value, secrets }: GoldenMessage): void {
  const body = Buffer.from(clixml, 'utf8');
  for (const mark of [[], [0xef, 0xbb, 0xbf]]) {
    const message = decodeMessage(Buffer.concat([Buffer.from(header, 'hex'), Buffer.from(mark), body]));
    expect(message.messageType).toBe(messageType);
    expect(message.destination).toBe(header.startsWith('01') ? 'client' : 'server');
    expect(message.poolId).toBe('11111111-2222-3333-4444-555555555555');
    if (clixml === '') expect(message.data).toBeUndefined();
    else expect(canonicalJson(message.data ?? null, goldenOptions(secrets))).toEqual(value);
  }
}

const golden = lines<GoldenCase>('clixml.jsonl');

describe('what PowerShell holds after reading, we hold', () => {
  test.each(golden.map((one) => [`${one.name} (${one.form})`, one] as const))('%s', (_, one) => check(one));
});

describe('what PowerShell writes, we write', () => {
  const written = golden.filter((one) => one.form === 'remoting' && one.error === undefined);
  test.each(written.map((one) => [one.name, one] as const))('%s', (_, one) => checkWriting(one));
});

describe("PowerShell's messages are decoded", () => {
  test.each(lines<GoldenMessage>('messages.jsonl').map((one) => [one.name, one] as const))('%s', (_, one) =>
    checkMessage(one),
  );
});

describe.skipIf(!hasCorpus)('the whole corpus', () => {
  const corpus = hasCorpus
    ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as { cases: GoldenCase[]; messages: GoldenMessage[] })
    : { cases: [], messages: [] };
  const failures = <T extends { readonly name: string }>(list: readonly T[], one: (item: T) => void) =>
    list.flatMap((item) => {
      try {
        one(item);
        return [];
      } catch (error) {
        return [`${item.name}: ${String(error)}`];
      }
    });

  test('every case is read as PowerShell reads it', () => {
    expect(corpus.cases).toHaveLength(790);
    expect(failures(corpus.cases, check)).toEqual([]);
  });

  test('every message body and value of the remoting form is written as PowerShell writes it', () => {
    const bodies = [
      ...corpus.cases.filter((one) => one.form === 'remoting' && one.error === undefined),
      ...corpus.messages.filter((one) => one.clixml),
    ];
    expect(failures(bodies, checkWriting)).toEqual([]);
  });

  test('every message is decoded, of each type at least one', () => {
    expect(corpus.messages).toHaveLength(178);
    expect(failures(corpus.messages, checkMessage)).toEqual([]);
    const types = new Set(corpus.messages.map((one) => one.messageType));
    expect([...types].sort()).toEqual(Object.keys(MESSAGE_TYPES).sort());
  });
});
