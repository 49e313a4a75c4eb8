import { psObject } from './value.ts';
import type { PSObject, PSValue } from './value.ts';

const TYPE_NAMES = [
  'System.Management.Automation.PSPrimitiveDictionary',
  'System.Collections.Hashtable',
  'System.Object',
];

/**
 * A PSPrimitiveDictionary: names with primitives, arrays of them, or such dictionaries, which is what may travel before
 * both ends know one another (MS-PSRP 2.2.3.18).
 */
export const primitiveDictionary = (entries: readonly (readonly [string, PSValue])[]): PSObject =>
  psObject({ typeNames: TYPE_NAMES, base: { type: 'Dictionary', entries } });

/** An array as PowerShell's language makes it. */
export const objectArray = (items: readonly PSValue[]): PSObject => arrayOf('System.Object', items);

const arrayOf = (type: string, items: readonly PSValue[]): PSObject =>
  psObject({
    typeNames: [`${type}[]`, 'System.Array', 'System.Object'],
    base: { type: 'List', items },
  });

const version = (value: string): PSValue => ({ type: 'Version', value });

/** What a client tells of the machine that it runs on. */
export interface ClientMachine {
  /** In words, e.g. `Linux 6.1.0`. */
  readonly os: string;
  readonly platform: 'Win32NT' | 'Unix';
}

/** Whose cmdlets ours are: what a session sees of its client must not depend on which of the two it was. */
const PS_VERSION = '7.6.9';
/** Where PowerShell has the commit that it was built from. */
const CLIENT = 'PSSession Manager';
const COMPATIBLE = ['1.0', '2.0', '3.0', '4.0', '5.0', '5.1', '6.0', '7.0'];

/**
 * ApplicationArguments as PowerShell's client sends them: with its PSVersionTable, unless they have one of their own. Of it
 * a server reads WSManStackVersion; before 3.0 it would write its output as for PowerShell 2.0.
 *
 * @param given a dictionary, or nothing
 * @param protocolVersion what SESSION_CAPABILITY declares
 */
export function withVersionTable(
  given: PSObject | undefined,
  protocolVersion: string,
  { os, platform }: ClientMachine,
): PSObject {
  const base = given?.base;
  const entries = typeof base === 'object' && base.type === 'Dictionary' ? base.entries : [];
  const isOwn = ([key]: readonly [PSValue, PSValue]) =>
    typeof key === 'string' && key.toLowerCase() === 'psversiontable';
  if (given && entries.some(isOwn)) return given;
  const table = primitiveDictionary([
    ['SerializationVersion', version('1.1.0.1')],
    ['GitCommitId', CLIENT],
    ['PSCompatibleVersions', arrayOf('System.Version', COMPATIBLE.map(version))],
    ['OS', os],
    ['WSManStackVersion', version('3.0')],
    ['PSSemanticVersion', PS_VERSION],
    ['PSVersion', version(PS_VERSION)],
    ['Platform', platform],
    ['PSRemotingProtocolVersion', version(protocolVersion)],
    ['PSEdition', 'Core'],
  ]);
  return psObject({
    typeNames: TYPE_NAMES,
    base: { type: 'Dictionary', entries: [...entries, ['PSVersionTable', table]] },
  });
}
