import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Desk } from './desk.ts';
import type { DeskDeps } from './desk-deps.ts';
import { AuditLog } from './store/audit-log.ts';
import type { Unwritten } from './store/audit-log.ts';
import { CredentialStore } from './store/credentials.ts';
import { encryptedVault } from './store/encrypted-vault.ts';
import type { Encryption } from './store/encrypted-vault.ts';
import { openKeyringVault } from './store/keyring-vault.ts';
import type { Keyring } from './store/keyring-vault.ts';
import { openLastWords } from './store/last-words.ts';
import { openProfiles } from './store/profiles.ts';
import { saveText } from './store/save-text.ts';
import { openSettings } from './store/settings.ts';
import { systemTimer } from './timer.ts';
import { Traces } from './traces.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';
import type { PasswordVault, Vaults } from './store/vault.ts';
import { diagnoseComputer, forgetSilence, openComputer } from './winrm/index.ts';

export { answerTo } from './requests.ts';

export interface Surroundings extends Pick<
  DeskDeps,
  'askPassword' | 'chooseCertificate' | 'copy' | 'send' | 'applySettings' | 'setMenu'
> {
  /** Where the profile lies. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  /** @throws Error where there is none for this system */
  readonly loadKeyring: () => Keyring;
  /** Where the system really encrypts. */
  readonly encryption: () => Encryption | undefined;
  readonly showFile: (path: string) => void;
  /** Where a person wants a file of that name saved; undefined where nowhere. */
  readonly askWhere: (name: string) => Promise<string | undefined>;
}

/** The desk with the real engine, clock and files: all that the window's first frame can do without. */
export function openDesk({ folder, showFile, askWhere, ...surroundings }: Surroundings): Desk {
  const memory = memoryVault('This system has no vault that can be used, and does not encrypt files.');
  const at = (name: string) => join(folder, name);
  const log = new AuditLog(at('audit.jsonl'), {
    trouble: (message) => desk.auditTrouble(message),
    timer: systemTimer,
  });
  const traces = new Traces(Date.now);
  const desk: Desk = new Desk({
    ...surroundings,
    traces,
    profiles: openProfiles(at('profile.json')),
    settings: openSettings(at('settings.json')),
    credentials: new CredentialStore({
      file: at('credentials.json'),
      vaults: (tell) => openVaults(at('passwords.json'), memory, { ...surroundings, tell }),
    }),
    audit: (entry) => void log.append(entry),
    keepAudit: async () => unwrittenInWords(await log.last()),
    lastWords: openLastWords(at('last-words.json')),
    showAudit: async () => {
      await log.touch();
      showFile(log.file);
    },
    open: ({ id, computerName, options }, credential, onWarning, beforeLogin, proxyCredential) =>
      openComputer({
        ...{ computerName, options, onWarning, proxyCredential },
        ...(credential && { credential }),
        ...(beforeLogin && { beforeLogin }),
        trace: traces.of(id),
        onNotLeft: (session) => desk.notLeft(session),
      }),
    diagnose: ({ id, computerName, options }, { signal, asLoggedOn, ...how }) =>
      diagnoseComputer(
        {
          ...{ computerName, options, trace: traces.of(id), ...how },
          ...(how.credential || asLoggedOn ? {} : { noSignIn: 'waiting' as const }),
        },
        signal,
      ),
    forgetSilence,
    saveText: async ({ what, name, text }) => {
      const file = await askWhere(name);
      if (file !== undefined) await saveText(what, file, text);
    },
    openSample: async () => (await import('./sample.ts')).openSample(),
    now: Date.now,
    newId: randomUUID,
  });
  return desk;
}

/** A terminal, or the system's journal, is then the only place that has these lines. */
function unwrittenInWords(unwritten: Unwritten | undefined): string[] {
  if (!unwritten) return [];
  const { lines, lost, why } = unwritten;
  const more = lost > 0 ? ` ${lost} lines that are not kept any more, and` : '';
  return [
    `The audit log could not be written: ${why}. Not in it:${more}`,
    ...lines.map((line) => line.trimEnd()),
  ];
}

/** Best first: the system's vault, a file that the system encrypts, memory, which is the same however often it is asked. */
async function openVaults(
  file: string,
  memory: PasswordVault,
  {
    loadKeyring,
    platform,
    encryption,
    tell,
  }: Pick<Surroundings, 'loadKeyring' | 'platform' | 'encryption'> & { tell: (sentence: string) => void },
): Promise<Vaults> {
  const keyring = await openKeyringVault({ load: loadKeyring, platform });
  const encrypted = encryption();
  return vaultsOf([
    ...(keyring ? [keyring] : []),
    ...(encrypted ? [encryptedVault(file, encrypted, tell)] : []),
    memory,
  ]);
}
