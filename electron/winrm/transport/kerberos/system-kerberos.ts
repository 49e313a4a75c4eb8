import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../../auth/kerberos-provider.ts';
import { LIBRARIES, loadGssapi } from './gssapi-library.ts';
import { GssapiProvider } from './gssapi-provider.ts';
import { loadKoffi } from './koffi.ts';

let found: KerberosProvider | undefined;

/**
 * The Kerberos of this system, looked for with the first sign-in that could use it.
 *
 * @throws WinRMError 'invalid' that names the package to install, where there is none
 */
export function systemKerberos(): KerberosProvider {
  return (found ??= load(process));
}

function load(system: NodeJS.Process): KerberosProvider {
  const library = LIBRARIES[system.platform];
  try {
    if (!library) throw new Error(`none is known for ${system.platform}`);
    return new GssapiProvider(loadGssapi(loadKoffi(), library.names, system));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw kerberosFailure('noLibrary', { detail: library?.install ?? why });
  }
}
