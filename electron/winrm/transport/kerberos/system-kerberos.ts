import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../../auth/kerberos-provider.ts';
import { LIBRARIES, loadGssapi } from './gssapi-library.ts';
import { GssapiProvider } from './gssapi-provider.ts';
import { loadKoffi } from './koffi.ts';
import { SharedLogons } from './shared-logons.ts';

let found: KerberosProvider | undefined;

/**
 * The Kerberos of this system, looked for with the first sign-in that could use it.
 *
 * @throws WinRMError 'invalid' that names the package to install, where there is none
 */
export function systemKerberos(): KerberosProvider {
  return (found ??= openSystemKerberos());
}

/** Anew, with no logon of before. @throws WinRMError as `systemKerberos` */
export function openSystemKerberos(system: NodeJS.Process = process): KerberosProvider {
  const library = LIBRARIES[system.platform];
  const koffi = orNone(loadKoffi, (why) => why);
  if (!library) throw kerberosFailure('noLibrary', { detail: `None is known for ${system.platform}.` });
  const gss = orNone(
    () => loadGssapi(koffi, library.names, system),
    () => library.install,
  );
  return new SharedLogons(new GssapiProvider(gss));
}

function orNone<T>(load: () => T, detailOf: (why: string) => string): T {
  try {
    return load();
  } catch (error) {
    throw kerberosFailure('noLibrary', {
      detail: detailOf(error instanceof Error ? error.message : String(error)),
    });
  }
}
