import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../../auth/kerberos-provider.ts';
import { LIBRARIES, loadGssapi } from './gssapi-library.ts';
import { untilAskedAnew } from '../asked-anew.ts';
import { GssapiProvider } from './gssapi-provider.ts';
import { loadKoffi } from './koffi.ts';
import { SharedLogons } from './shared-logons.ts';
import { loadSspi } from './sspi-library.ts';
import { SspiProvider } from './sspi-provider.ts';

let found: SharedLogons | undefined;

/**
 * The Kerberos of this system, looked for with the first sign-in that could use it.
 *
 * @throws WinRMError 'invalid' that names the package to install, where there is none
 */
export function systemKerberos(): KerberosProvider {
  return (found ??= openSystemKerberos());
}

// KDCs that did not answer just before.
untilAskedAnew(() => found?.forgetSilence());

/** Anew, with no logon of before. @throws WinRMError as `systemKerberos` */
export function openSystemKerberos(system: NodeJS.Process = process): SharedLogons {
  const koffi = orNone(loadKoffi, (why) => why);
  if (system.platform === 'win32') {
    const sspi = orNone(
      () => loadSspi(koffi),
      (why) => why,
    );
    return new SharedLogons(new SspiProvider(sspi, system.env));
  }
  const library = LIBRARIES[system.platform];
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
