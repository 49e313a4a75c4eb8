import { beforeEach, describe, expect, test } from 'vitest';
import type { PowerShellPlugin } from '../simulator/powershell-plugin.ts';
import { objectArray, primitiveDictionary } from '../winrm/index.ts';
import type { PSObject } from '../winrm/index.ts';
import { property } from '../winrm/psrp/value.ts';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

const shellNamed = (name: string) => runs.computer.shells.all.find(({ settings }) => settings.name === name);
const make = (...more: string[]) => runs.ask('New-PSSession', 'web01', '-Name', 'made', ...more);

describe('-SessionOption', () => {
  const given = (option: string) => make('-SessionOption', option);
  const argumentsOf = (name: string) => (shellNamed(name)?.plugin as PowerShellPlugin).applicationArguments;
  const entries = ({ base }: PSObject) =>
    typeof base === 'object' && base.type === 'Dictionary' ? base.entries : [];

  test('counts here, without a warning', async () => {
    const { err } = await given(
      "@{NoMachineProfile=$true; MaxConnectionRetryCount=2; ApplicationArguments=@{a='b'}; IdleTimeout=120000; OutputBufferingMode='Drop'; Culture='de-DE'; UICulture='fr-FR'}",
    );
    expect(err).toBe('');
    expect(shellNamed('made')?.settings).toMatchObject({
      profileLoaded: false,
      idleTimeoutMs: 120_000,
      bufferMode: 'Drop',
      locale: 'fr-FR',
      dataLocale: 'de-DE',
    });
  });

  test('MaxConnectionRetryCount is how often a Create is tried again', async () => {
    let creates = 0;
    const onTheWay: OnTheWay = async (soap, send) => {
      if (soap.includes('/transfer/Create<')) creates += 1;
      return send();
    };
    runs.computer.misbehaviours.plan({ action: 'Create', wrong: { kind: 'fault', code: 2150859026 } });
    const argv = ['New-PSSession', 'web01', '-SessionOption', '@{MaxConnectionRetryCount=0}'];
    await runs.finish(runs.pssm(argv, { onTheWay }).done);
    expect(creates).toBe(1);
  });

  test('ApplicationArguments arrive in their types', async () => {
    await given(
      "@{ApplicationArguments=@{s='text'; i=5; l=5l; d=1.5; m=1.5d; b=$true; n=$null; neg=-5; t=[datetime]'2026-01-02 03:04:05'; g=[guid]'{11111111-2222-3333-4444-555555555555}'; v=[version]'1.2'; u=[uri]'http://x/'; c=[char]'x'; ts=[timespan]'00:01:00'; days=[timespan]'1'; max=[version]'1.2147483647'; min=-2147483648; minus=0xFFFFFFFF; scale=1.10d; multiplied=1.5dkb; many=12345678901234567890; long=9007199254740993; over=-2147483649; a='a','b'; e=@(); one=@(1); h=@{x=@{y='deep'}}}}",
    );
    const all = entries(argumentsOf('made') as PSObject).filter(([key]) => key !== 'PSVersionTable');
    expect(Object.fromEntries(all.map(([key, value]) => [String(key), value]))).toEqual({
      s: 'text',
      i: 5,
      l: 5n,
      d: { type: 'Double', value: 1.5 },
      m: { type: 'Decimal', value: '1.5' },
      b: true,
      n: null,
      neg: -5,
      t: expect.objectContaining({ type: 'DateTime', kind: 'Unspecified' }) as unknown,
      g: { type: 'Guid', value: '11111111-2222-3333-4444-555555555555' },
      v: { type: 'Version', value: '1.2' },
      u: { type: 'Uri', value: 'http://x/' },
      c: { type: 'Char', value: 'x' },
      ts: { type: 'TimeSpan', ticks: 600_000_000n },
      days: { type: 'TimeSpan', ticks: 864_000_000_000n },
      max: { type: 'Version', value: '1.2147483647' },
      min: -2_147_483_648,
      minus: -1,
      scale: { type: 'Decimal', value: '1.10' },
      multiplied: { type: 'Decimal', value: '1536.0' },
      many: { type: 'Decimal', value: '12345678901234567890' },
      long: 9_007_199_254_740_993n,
      over: -2_147_483_649n,
      a: objectArray(['a', 'b']),
      e: objectArray([]),
      one: objectArray([1]),
      h: primitiveDictionary([['x', primitiveDictionary([['y', 'deep']])]]),
    });
  });

  test('a time with a zone is Local, by the clock of this machine', async () => {
    await given("@{ApplicationArguments=@{t=[datetime]'2026-01-02T03:04:05Z'}}");
    const [[, when] = []] = entries(argumentsOf('made') as PSObject);
    expect(when).toMatchObject({
      kind: 'Local',
      offsetMinutes: 0 - new Date(Date.UTC(2026, 0, 2, 3, 4, 5)).getTimezoneOffset(),
    });
  });

  test('its PSVersionTable says the protocol that is spoken', async () => {
    await make();
    const [[, table = null] = []] = entries(argumentsOf('made') as PSObject);
    const versions = Object.fromEntries(entries(table as PSObject).map(([key, value]) => [key, value]));
    expect(versions).toMatchObject({ PSRemotingProtocolVersion: { value: '2.3' }, PSEdition: 'Core' });
    expect(property(table, 'nothing')).toBeUndefined();
  });

  test.each([
    [
      '@{ApplicationArguments=@{a=@(@{b=1})}}',
      'The type of the value System.Collections.Hashtable is not valid.',
    ],
    ['@{ApplicationArguments=@{a={1}}}', 'The type of the value System.Management.Automation.ScriptBlock'],
    ['@{ApplicationArguments=5}', 'to type "System.Management.Automation.PSPrimitiveDictionary"'],
    ["@{ApplicationArguments=@{a=[datetime]'tomorrow'}}", "'tomorrow' is no DateTime"],
    ["@{ApplicationArguments=@{a=[version]'1'}}", "'1' is no Version"],
    ["@{ApplicationArguments=@{a=[char]'xy'}}", "'xy' is no Char"],
    ["@{ApplicationArguments=@{a=[guid]'x'}}", "'x' is no Guid"],
    ["@{ApplicationArguments=@{a=[version]'1.2147483648'}}", "'1.2147483648' is no Version"],
    ["@{ApplicationArguments=@{a=[timespan]'P1D'}}", "'P1D' is no TimeSpan"],
    ["@{ApplicationArguments=@{a=[timespan]'99999999.00:00'}}", "'99999999.00:00' is no TimeSpan"],
    ["@{ApplicationArguments=@{a=[datetime]'2026-01'}}", "'2026-01' is no DateTime"],
    ["@{ApplicationArguments=@{a=[uri]'http://'}}", "'http://' is no Uri"],
    ["@{ApplicationArguments=@{a=[xml]'<a/>'}}", '[xml] is not read here. Before a text'],
    [
      "@{ApplicationArguments=@{a=[int]'5'}}",
      '[int] is not read here. Before a text in quotes may stand [char]',
    ],
    ['@{ApplicationArguments=@{a=[int]5}}', '[int] is not read here.'],
    ["@{ApplicationArguments=@{a=[intt]'5'}}", 'Unable to find type [intt].'],
    [
      "@{ApplicationArguments=@{5='a'}}",
      'Cannot create object of type "System.Management.Automation.Remoting.PSSessionOption". Cannot convert value "System.Collections.Hashtable" to type "System.Management.Automation.PSPrimitiveDictionary". Error: "The key type System.Int32 is not valid. The PSPrimitiveDictionary class accepts only keys of the type System.String."',
    ],
    ["@{ApplicationArguments=@{a=@{1.5='a'}}}", 'The key type System.Double is not valid.'],
    ["@{ApplicationArguments=@{$true='a'}}", 'The key type System.Boolean is not valid.'],
    ["@{ApplicationArguments=@{$null='a'}}", 'A null key is not allowed in a hash literal.'],
    ['@{ApplicationArguments=@{a=79228162514264337593543950336}}', 'is not kept exactly here'],
    [
      `@{ApplicationArguments=${'@{a='.repeat(60)}1${'}'.repeat(60)}}`,
      'what is within one another 40 times is not sent deeper',
    ],
    ...['1000', "'0:0:1'", '1500'].map((idle) => [
      `@{IdleTimeout=${idle}}`,
      'The specified IdleTimeout session option 1 (seconds) is not a valid period.  Specify an IdleTimeout value that is greater than or equal to the minimum allowed 60 (seconds).\n    + FullyQualifiedErrorId : Argument,Microsoft.PowerShell.Commands.NewPSSessionCommand',
    ]),
    ['@{IdleTimeout=0}', 'The specified IdleTimeout session option 0 (seconds)'],
    ['@{IdleTimeout=-5}', 'The specified IdleTimeout session option 0 (seconds)'],
  ])('%s is refused before anything is sent', async (option, sentence) => {
    const { code, err } = await given(option);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
    expect(shellNamed('made')).toBeUndefined();
  });

  test('NoCompression alone has no effect here either; the others keep their warnings elsewhere', async () => {
    expect((await given('@{NoCompression=$true}')).err).toBe(
      'WARNING: -SessionOption NoCompression has no effect: no session that is created here is asked to compress.\n',
    );
    const option = '@{NoMachineProfile=$true; MaxConnectionRetryCount=2; ApplicationArguments=@{a=1}}';
    const { err } = await runs.ask('Get-PSSession', 'web01', '-SessionOption', option);
    expect(err.match(/has no effect/g)).toHaveLength(3);
  });
});
