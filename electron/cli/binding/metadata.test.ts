import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defineCmdlet } from './cmdlet.ts';
import type { Cmdlet } from './cmdlet.ts';
import { typeNameOfParameter } from './convert.ts';
import { ENUMS } from './enums.ts';
import { POWERSHELL_CMDLETS } from './powershell-cmdlets.ts';

interface Metadata {
  readonly cmdlets: Record<
    string,
    {
      readonly type: string;
      readonly aliases: readonly string[];
      readonly defaultParameterSet: string;
      readonly parameters: Record<string, { readonly type: string; readonly aliases?: readonly string[] }>;
      readonly parameterSets: Record<
        string,
        { readonly parameters: Record<string, { readonly mandatory?: boolean; readonly position?: number }> }
      >;
    }
  >;
  readonly commonParameters: Record<string, { readonly aliases?: readonly string[] }>;
  readonly enums: Record<string, Record<string, number>>;
}

const oracle = join(import.meta.dirname, '../../../../shared/peers/powershell/metadata.json');
const isThere = existsSync(oracle);
if (!isThere) process.stdout.write('skipped: real PowerShell’s cmdlets, ../shared/peers is not there\n');

describe.skipIf(!isThere)('the cmdlets are those of real PowerShell:', () => {
  const real = (isThere ? JSON.parse(readFileSync(oracle, 'utf8')) : {}) as Metadata;
  const isCommon = (name: string) => name in real.commonParameters;

  test.each(POWERSHELL_CMDLETS.map((source) => [source.name, defineCmdlet(source)] as const))(
    '%s',
    (name, ours) => {
      const { type, aliases, defaultParameterSet, parameters, parameterSets } = real.cmdlets[name] ?? {};
      expect(ours).toMatchObject({ className: type, alias: aliases?.[0], defaultSet: defaultParameterSet });
      expect(setsOf(ours)).toEqual(
        Object.fromEntries(
          Object.entries(parameterSets ?? {}).map(([set, { parameters: places }]) => [
            set,
            Object.fromEntries(
              Object.entries(places).map(([parameter, { mandatory = false, position }]) => [
                parameter,
                { mandatory, positional: position === 0 },
              ]),
            ),
          ]),
        ),
      );
      const own = ours.parameters.filter((one) => !isCommon(one.name));
      expect(
        Object.fromEntries(own.map((one) => [one.name, [typeNameOfParameter(one), one.aliases]])),
      ).toEqual(
        Object.fromEntries(
          Object.entries(parameters ?? {}).map(([parameter, one]) => [
            parameter,
            [one.type, one.aliases ?? []],
          ]),
        ),
      );
    },
  );

  function setsOf({ sets }: Cmdlet) {
    return Object.fromEntries(
      sets.map((set) => [set.name, Object.fromEntries([...set.places].filter(([name]) => !isCommon(name)))]),
    );
  }

  test('and so are the enumerations', () => {
    const ours = Object.fromEntries(Object.values(ENUMS).map(({ typeName, values }) => [typeName, values]));
    expect(ours).toEqual(real.enums);
  });

  test('and what every cmdlet has', () => {
    const [source] = POWERSHELL_CMDLETS;
    const ours = defineCmdlet(source!).parameters.filter((one) => isCommon(one.name));
    expect(Object.fromEntries(ours.map((one) => [one.name, one.aliases]))).toEqual(
      Object.fromEntries(Object.entries(real.commonParameters).map(([name, { aliases }]) => [name, aliases])),
    );
  });
});
