import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../electron/winrm/psrp/fixtures/canonical-json.ts';
import { buildPeer } from '../peers/build.mjs';
import { announceSkip } from '../peers/skip.ts';
import type { Json } from '../../electron/winrm/psrp/fixtures/canonical-json.ts';
import { goldenOptions } from '../../electron/winrm/psrp/fixtures/goldens.ts';
import { readClixml } from '../../electron/winrm/psrp/read-clixml.ts';
import { psObject } from '../../electron/winrm/psrp/value.ts';
import type { PSMembers, PSObject, PSValue } from '../../electron/winrm/psrp/value.ts';
import { writeClixml } from '../../electron/winrm/psrp/write-clixml.ts';

const peer = await buildPeer('clixml-oracle');
const missing = announceSkip(
  'values written at random, read by real PowerShell',
  'missing' in peer ? peer.missing : undefined,
);
const program = 'program' in peer ? peer.program : '';

function ask(documents: readonly string[]): Json[] {
  const input = `${documents.map((one) => JSON.stringify(one)).join('\n')}\n`;
  const answer = execFileSync('dotnet', [program, 'describe'], {
    input,
    maxBuffer: 1 << 28,
    timeout: 120_000,
    encoding: 'utf8',
  });
  return answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

/** Values at random, the same in every run (mulberry32). */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }
  bits(count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i += 16) value = (value << 16n) | BigInt(this.roll(65_536));
    return BigInt.asIntN(count, value);
  }
  double(): number {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, this.bits(64));
    return view.getFloat64(0);
  }
  text(): string {
    const pieces = [
      'a',
      '_x',
      '_x0041_',
      '<',
      '&',
      '"',
      '\n',
      '\r',
      '\0',
      '\ud83d',
      'é',
      '日',
      ' ',
      ']]>',
      '\ufffe',
      '_X000A0000_',
    ];
    return Array.from({ length: this.roll(8) }, () => pieces[this.roll(pieces.length)] ?? '').join('');
  }
}

const TICKS_OF_9999 = 3_155_378_975_999_999_999n;

function scalar(dice: Dice): PSValue {
  const magnitude = (count: number) => BigInt.asUintN(count, dice.bits(count));
  const makers: (() => PSValue)[] = [
    () => null,
    () => dice.text(),
    () => dice.roll(2) === 1,
    () => Number(dice.bits(32)),
    () => dice.bits(64),
    () => ({ type: 'UInt64', value: magnitude(64) }),
    () => ({ type: 'Byte', value: dice.roll(256) }),
    () => ({ type: 'SByte', value: dice.roll(256) - 128 }),
    () => ({ type: 'Int16', value: dice.roll(65_536) - 32_768 }),
    () => ({ type: 'UInt16', value: dice.roll(65_536) }),
    () => ({ type: 'UInt32', value: Number(magnitude(32)) }),
    () => ({ type: 'Double', value: dice.double() }),
    () => ({ type: 'Double', value: dice.roll(1_000_000) / 10 ** dice.roll(9) }),
    () => ({ type: 'Single', value: Math.fround(dice.double()) }),
    () => ({ type: 'Single', value: Math.fround(dice.roll(1_000_000) / 10 ** dice.roll(9)) }),
    () => ({ type: 'Decimal', value: `${dice.roll(1000)}.${String(dice.roll(10_000)).padStart(4, '0')}` }),
    () => ({ type: 'Char', value: String.fromCharCode(dice.roll(65_536)) }),
    () => ({
      type: 'DateTime',
      kind: dice.roll(2) ? 'Utc' : 'Unspecified',
      ticks: magnitude(64) % TICKS_OF_9999,
    }),
    () => ({
      type: 'DateTime',
      kind: 'Local',
      ticks: 6n * 10n ** 17n + (magnitude(64) % 10n ** 17n),
      offsetMinutes: dice.roll(1600) - 800,
    }),
    () => ({ type: 'TimeSpan', ticks: dice.bits(64) }),
    () => ({
      type: 'Version',
      value: Array.from({ length: 2 + dice.roll(3) }, () => dice.roll(100_000)).join('.'),
    }),
    () => ({ type: 'Bytes', value: Uint8Array.from({ length: dice.roll(9) }, () => dice.roll(256)) }),
    () => ({ type: 'ScriptBlock', value: dice.text() }),
  ];
  return makers[dice.roll(makers.length)]?.() ?? null;
}

function value(dice: Dice, depth: number, known: PSObject[]): PSValue {
  if (depth > 4 || dice.roll(3) > 0) return scalar(dice);
  const reused = known[dice.roll(known.length + 3)];
  if (reused) return reused;
  const made = object(dice, depth + 1, known);
  known.push(made);
  return made;
}

function object(dice: Dice, depth: number, known: PSObject[]): PSObject {
  const some = <T>(make: (i: number) => T) => Array.from({ length: dice.roll(5) }, (_, i) => make(i));
  const items = () => some(() => value(dice, depth, known));
  const members = () => Object.fromEntries(some((i) => [`${dice.text()}${i}`, value(dice, depth, known)]));
  const bases: (() => PSObject['base'])[] = [
    () => undefined,
    () => ({
      type: (['List', 'Stack', 'Queue', 'Enumerable'] as const)[dice.roll(4)] ?? 'List',
      items: items(),
    }),
    () => ({ type: 'Dictionary', entries: some((i) => [`k${i}`, value(dice, depth, known)] as const) }),
    () => scalar(dice) ?? 'null',
  ];
  const base = bases[dice.roll(bases.length)]?.();
  const extended: Record<string, PSValue> | PSMembers | undefined = dice.roll(2) ? members() : undefined;
  return psObject({
    base,
    ...(dice.roll(2) ? { typeNames: ['Lab.Thing', 'System.Object'].slice(dice.roll(2)) } : {}),
    ...(dice.roll(3) ? {} : { text: dice.text() }),
    ...(dice.roll(2) ? { adapted: members() } : {}),
    ...(extended ? { extended } : {}),
  });
}

describe.skipIf(missing !== undefined)('what is written at random', () => {
  test('real PowerShell reads as we do', () => {
    const dice = new Dice(2026);
    const documents = Array.from({ length: 3000 }, () => writeClixml(value(dice, 0, [])));
    const answers = ask(documents);
    expect(answers).toHaveLength(documents.length);
    const differing = answers.flatMap((theirs, i) => {
      const clixml = documents[i] ?? '';
      const ours = canonicalJson(readClixml(clixml), goldenOptions());
      return JSON.stringify(sorted(ours)) === JSON.stringify(sorted(theirs))
        ? []
        : [{ clixml, ours, theirs }];
    });
    expect(differing.slice(0, 3)).toEqual([]);
  }, 120_000);
});

/** Names of JSON objects have no order. */
function sorted(json: Json): Json {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(sorted);
  const entries = Object.entries(json as { readonly [key: string]: Json });
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]),
  );
}
