import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDateTime } from './date-time.ts';
import { Defragmenter } from './fragment.ts';
import { initRunspacePool } from './init-runspace-pool.ts';
import { decodeMessage } from './message.ts';
import { objectArray, primitiveDictionary, withVersionTable } from './primitive-dictionary.ts';
import { property, psObject } from './value.ts';
import type { PSObject } from './value.ts';

/** What real PowerShell 7.6.9 wrote for a client without a host; see fixtures/README.md. */
const golden = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8').trim();
const POOL = 'b6631d8e-65a0-49f2-9053-a1b156c95777';
const MACHINE = { os: 'Debian GNU/Linux 12 (bookworm)', platform: 'Unix' } as const;

const read = (bytes: Uint8Array) => new Defragmenter().receive(bytes).map(decodeMessage);
const textOf = (bytes: Uint8Array) =>
  new Defragmenter().receive(bytes).map((message) => new TextDecoder().decode(message.subarray(40)));

/** PowerShell's client names its build there, and declares the protocol that it speaks. */
const asPowerShell = (text: string) =>
  text.replace('PSSession Manager', '7.6.9').replaceAll('<Version N="Value">2.3<', '<Version N="Value">2.4<');

describe('INIT_RUNSPACEPOOL', () => {
  test('is what real PowerShell writes, byte by byte', () => {
    const { creationXml, rest } = initRunspacePool(POOL, withVersionTable(undefined, '2.3', MACHINE));
    const [capability, init] = textOf(creationXml);
    expect(capability).toBe(
      '<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version><Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>',
    );
    expect(asPowerShell(init ?? '')).toBe(golden('init-runspace-pool.xml'));
    expect(rest).toEqual([]);
  });

  test('carries every type of argument as real PowerShell does', () => {
    const given = primitiveDictionary([
      ['TS', { type: 'TimeSpan', ticks: 600_000_000n }],
      ['PSVersionTable', 'mine'],
      ['BA', { type: 'Bytes', value: Uint8Array.of(1, 2) }],
      ['E', objectArray([])],
      ['G', { type: 'Guid', value: '11111111-2222-3333-4444-555555555555' }],
      ['D', { type: 'Double', value: 1.5 }],
      ['N', null],
      ['T', parseDateTime('2026-01-02T03:04:05')],
      ['B', true],
      ['I', 5],
      ['By', { type: 'Byte', value: 7 }],
      ['V', { type: 'Version', value: '1.2' }],
      ['S', 'text'],
      ['Neg', -5],
      ['C', { type: 'Char', value: 'x' }],
      ['U', { type: 'Uri', value: 'http://x/' }],
      ['L', 5n],
      [
        'H',
        primitiveDictionary([
          ['y', primitiveDictionary([['z', 'deep']])],
          ['x', 1],
        ]),
      ],
      ['Text', '<&"\n_x000A_'],
      ['Mixed', objectArray([1, 'b'])],
      ['A', objectArray(['a', 'b'])],
      ['M', { type: 'Decimal', value: '1.5' }],
    ]);
    const { creationXml } = initRunspacePool(POOL, withVersionTable(given, '2.3', MACHINE));
    expect(textOf(creationXml)[1]).toBe(golden('init-runspace-pool-arguments.xml'));
  });

  test('goes on after Create where it is long, and comes out whole', () => {
    const long = primitiveDictionary([['text', 'x'.repeat(100_000)]]);
    const { creationXml, rest } = initRunspacePool(POOL, withVersionTable(long, '2.3', MACHINE));
    expect(rest.length).toBe(3);
    expect(Math.max(...rest.map(({ length }) => length))).toBeLessThanOrEqual(32_768);
    const [, init] = read(Buffer.concat([creationXml, ...rest]));
    expect(init).toMatchObject({ messageType: 'INIT_RUNSPACEPOOL', destination: 'server', poolId: POOL });
    const [[, text] = []] = entriesOf(property(init?.data, 'ApplicationArguments') as PSObject);
    expect(text).toBe('x'.repeat(100_000));
  });
});

const entriesOf = ({ base }: PSObject) =>
  typeof base === 'object' && base.type === 'Dictionary' ? base.entries : [];
const keysOf = (given: PSObject) => entriesOf(given).map(([key]) => key);

describe('the PSVersionTable among the arguments', () => {
  test('is added behind what was given', () => {
    const given = primitiveDictionary([['a', 1]]);
    expect(keysOf(withVersionTable(given, '2.3', MACHINE))).toEqual(['a', 'PSVersionTable']);
    expect(keysOf(given)).toEqual(['a']);
  });

  test('is the given one where there is one, as in PowerShell', () => {
    const given = primitiveDictionary([['psversiontable', 'mine']]);
    expect(withVersionTable(given, '2.3', MACHINE)).toBe(given);
  });

  test('stands alone where what was given is no dictionary', () => {
    expect(keysOf(withVersionTable(psObject({}), '2.3', MACHINE))).toEqual(['PSVersionTable']);
  });
});
