import { psObject } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';

const PRIMITIVE_DICTIONARY = [
  'System.Management.Automation.PSPrimitiveDictionary',
  'System.Collections.Hashtable',
  'System.Object',
];
const VERSION = '5.1.20348.2227';

const version = (value: string): PSValue => ({ type: 'Version', value });
const dictionary = (entries: readonly (readonly [string, PSValue])[]): PSValue =>
  psObject({ typeNames: PRIMITIVE_DICTIONARY, base: { type: 'Dictionary', entries } });

/** The PSVersionTable that a Windows Server 2022 tells every client (MS-PSRP 2.2.2.13). */
export function applicationPrivateData(protocolVersion: string): PSValue {
  const compatible = ['1.0', '2.0', '3.0', '4.0', '5.0', VERSION].map(version);
  const table = dictionary([
    ['PSVersion', version(VERSION)],
    ['PSEdition', 'Desktop'],
    [
      'PSCompatibleVersions',
      psObject({
        typeNames: ['System.Version[]', 'System.Array', 'System.Object'],
        base: { type: 'List', items: compatible },
      }),
    ],
    ['CLRVersion', version('4.0.30319.42000')],
    ['BuildVersion', version('10.0.20348.2227')],
    ['WSManStackVersion', version('3.0')],
    ['PSRemotingProtocolVersion', version(protocolVersion)],
    ['SerializationVersion', version('1.1.0.1')],
  ]);
  return psObject({ extended: { ApplicationPrivateData: dictionary([['PSVersionTable', table]]) } });
}
