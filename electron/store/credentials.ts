import * as z from 'zod/mini';
import { credentialSchema } from '../../shared/credential.ts';
import type { KeptCertificate } from '../../shared/client-certificate.ts';
import type { CredentialId, CredentialInfo } from '../../shared/credential.ts';
import { WinRMError } from '../winrm/index.ts';
import { LONGEST_KEY } from './destination.ts';
import type { PasswordVault, Vaults } from './vault.ts';
import { VersionedFile } from './versioned-file.ts';
import type { VersionedFileDeps } from './versioned-file.ts';

/** Destinations that one credential is kept with. */
const MOST_AGREED = 50_000;

const storedSchema = z.extend(credentialSchema, {
  /** Where the person let its password go in readable form; see destination.ts. */
  agreed: z.optional(z.array(z.string().check(z.maxLength(LONGEST_KEY))).check(z.maxLength(MOST_AGREED))),
});
export type StoredCredential = z.infer<typeof storedSchema>;

const fileSchema = z.strictObject({
  version: z.literal(1),
  credentials: z.array(storedSchema).check(z.maxLength(10_000)),
});
export interface CredentialContent {
  readonly credentials: readonly StoredCredential[];
}

export interface CredentialStoreDeps extends Partial<VersionedFileDeps> {
  readonly file: string;
  /** Opened when first needed: to ask the system's vault may take a while. `tell` is for what had to be done to read one. */
  readonly vaults: (tell: (sentence: string) => void) => Promise<Vaults>;
}

/**
 * Named credentials. Names and accounts stand in a file, which the command reads, too; the passwords lie in the vault.
 * Nothing here gives a password to the window.
 */
export class CredentialStore {
  readonly vaults: () => Promise<Vaults>;
  readonly #file: VersionedFile<CredentialContent>;
  readonly #told = new Set<string>();
  #notice: (sentence: string) => void = () => undefined;

  constructor({ file, vaults, ...deps }: CredentialStoreDeps) {
    const tell = (sentence: string) => {
      if (!this.#told.has(sentence)) this.#notice(sentence);
      this.#told.add(sentence);
    };
    this.vaults = lasting(() => vaults(tell), deps.now ?? Date.now);
    this.#file = new VersionedFile<CredentialContent>(
      file,
      {
        what: 'The saved credentials',
        version: 1,
        empty: { credentials: [] },
        parse: (value) => {
          const parsed = fileSchema.safeParse(value);
          return parsed.success ? { credentials: parsed.data.credentials } : undefined;
        },
      },
      deps,
    );
  }

  /** What had to be done to read a vault is told there, once. */
  set notice(notice: (sentence: string) => void) {
    this.#notice = notice;
  }

  load() {
    return this.#file.load();
  }

  /** Without setting a broken file aside. */
  peek() {
    return this.#file.peek();
  }

  watch(changed: () => void): () => void {
    return this.#file.watch(changed);
  }

  /** Undefined when it is not there any more. @throws Error when the vault cannot be read, or is not there itself */
  async password(credential: CredentialInfo): Promise<string | undefined> {
    const { id, kept } = credential;
    if (!hasSecret(credential)) return '';
    const vault = (await this.vaults()).of(kept);
    if (!vault && kept !== 'memory') throw new WinRMError('internal', 'The vault cannot be reached.');
    return vault?.get(id);
  }

  /**
   * The password first: a name without one would be asked for, a password without a name never be found.
   *
   * @throws WinRMError 'invalid' when another has that name, or for what the file cannot hold
   */
  async add(credential: Omit<CredentialInfo, 'kept'>, password: string) {
    const { best } = await this.vaults();
    const added = { ...credential, kept: best.kind };
    refuseNamesake((await this.load()).content, added);
    refuseUnkeepable(added);
    if (hasSecret(added)) await keep(() => best.set(added.id, password), best.name);
    try {
      return await this.#file.update((all) => {
        refuseNamesake(all, added);
        return { credentials: [...all.credentials, added] };
      });
    } catch (error) {
      await best.delete(added.id).catch(() => undefined);
      throw error;
    }
  }

  rename(id: CredentialId, name: string) {
    return this.#file.update((all) => {
      refuseNamesake(all, { id, name });
      return changed(all, id, (one) => ({ ...one, name }));
    });
  }

  /**
   * A new password, or passphrase, goes into the best vault that there is by now. It would go with the account before
   * where the file is not written: the old one is put back then, or it is said that it is not.
   */
  async replace(
    id: CredentialId,
    {
      password,
      ...change
    }: Pick<CredentialInfo, 'username' | 'changedOn' | 'certificate'> & { password: string },
  ) {
    const { best, of } = await this.vaults();
    const before = (await this.load()).content.credentials.find((one) => one.id === id);
    if (!before) throw gone();
    const next = { ...before, ...change, kept: best.kind };
    refuseUnkeepable(next);
    const putBack = hasSecret(next) ? await wayBack(best, id) : undefined;
    if (hasSecret(next)) await keep(() => best.set(id, password), best.name);
    let isThere = true;
    const writing = this.#file.update((all) => {
      isThere = all.credentials.some((one) => one.id === id);
      return changed(all, id, (one) => ({ ...one, ...change, kept: best.kind }));
    });
    const loaded = await writing.catch(async (error: unknown) => {
      const undo = isThere ? putBack : putBack && (() => best.delete(id)); // a password without a name is never found
      await undo?.().catch(() => {
        throw halfDone(error, `The new password of ${before.name} lies in ${best.name} all the same.`);
      });
      throw error;
    });
    if (hasSecret(before) && (before.kept !== best.kind || !hasSecret(next)))
      await of(before.kept)
        ?.delete(id)
        .catch(() => undefined);
    return loaded;
  }

  /** The password first: what was deleted here must not lie on in the vault. */
  async delete(id: CredentialId) {
    const { of } = await this.vaults();
    const found = (await this.load()).content.credentials.find((one) => one.id === id);
    const vault = found && of(found.kept);
    // What lay in this process alone is gone with the run that kept it.
    if (found && hasSecret(found) && !vault && found.kept !== 'memory')
      throw new WinRMError(
        'invalid',
        `The vault that holds the password of ${found.name} cannot be reached. Nothing was deleted.`,
      );
    if (vault && hasSecret(found))
      await vault.delete(id).catch(() => {
        throw new WinRMError(
          'internal',
          `The password could not be deleted from ${vault.name}. Nothing was deleted.`,
        );
      });
    const writing = this.#file.update((all) => ({
      credentials: all.credentials.filter((one) => one.id !== id),
    }));
    return writing.catch((error: unknown) => {
      if (!vault || !hasSecret(found)) throw error;
      throw halfDone(error, `The password of ${found.name} is deleted from ${vault.name}, its name is not.`);
    });
  }

  /** The file of its certificate holds another one by now, which its passphrase opens, too. */
  renewed(id: CredentialId, username: string, certificate: KeptCertificate) {
    return this.#file.update((all) => changed(all, id, (one) => ({ ...one, username, certificate })));
  }

  /**
   * Of more than can be kept the oldest are forgotten, and asked about again.
   *
   * @param destinations as destinationKey writes them
   */
  agree(id: CredentialId, destinations: readonly string[]) {
    return this.#file.update((all) =>
      changed(all, id, (one) => {
        const agreed = [...new Set([...(one.agreed ?? []), ...destinations])];
        return { ...one, agreed: agreed.slice(-MOST_AGREED) };
      }),
    );
  }
}

/** A certificate in the store of Windows has no passphrase, and a file may have none. */
function hasSecret({ certificate }: Pick<CredentialInfo, 'certificate'>): boolean {
  return (
    certificate === undefined || (certificate.source.kind === 'file' && certificate.source.hasPassphrase)
  );
}

/** A vault that was locked may be open a minute later. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** Opened when first asked for, and again after a while where the best is not the system's own. */
function lasting(open: () => Promise<Vaults>, now: () => number): () => Promise<Vaults> {
  let opened: Promise<Vaults> | undefined;
  let openedAt = 0;
  let isBest = false;
  return () => {
    if (opened && (isBest || now() - openedAt < LOOK_AGAIN_MS)) return opened;
    openedAt = now();
    opened = open().then(
      (vaults) => {
        isBest = vaults.best.kind === 'keyring';
        return vaults;
      },
      (error: unknown) => {
        opened = undefined; // the next time it may be there
        throw error;
      },
    );
    return opened;
  };
}

function changed(
  { credentials }: CredentialContent,
  id: CredentialId,
  change: (one: StoredCredential) => StoredCredential,
): CredentialContent {
  if (!credentials.some((one) => one.id === id)) throw gone();
  return { credentials: credentials.map((one) => (one.id === id ? change(one) : one)) };
}

const gone = () => new WinRMError('invalid', 'This credential is not there any more.');

function refuseNamesake(
  { credentials }: CredentialContent,
  { id, name }: Pick<CredentialInfo, 'id' | 'name'>,
): void {
  const same = (one: CredentialInfo) => one.id !== id && one.name.toLowerCase() === name.toLowerCase();
  if (credentials.some(same)) throw new WinRMError('invalid', `There is a credential ${name} already.`);
}

/** Before the vault has its password, which would go with another account otherwise. */
function refuseUnkeepable(credential: StoredCredential): void {
  if (storedSchema.safeParse(credential).success) return;
  throw new WinRMError(
    'invalid',
    'Nothing was saved: the name, the account or what the certificate says of itself is longer than can be kept.',
  );
}

/** What makes a vault as it was before it is given another password; rejects where it did not give out the one it has. */
async function wayBack(vault: PasswordVault, id: CredentialId): Promise<() => Promise<void>> {
  try {
    const old = await vault.get(id);
    return () => (old === undefined ? vault.delete(id) : vault.set(id, old));
  } catch {
    return () => Promise.reject(new Error('not known'));
  }
}

/** The file says that all is as before, which is not so of the vault. */
function halfDone(error: unknown, sentence: string): unknown {
  if (!(error instanceof WinRMError)) return error; // our own mistake
  const { detail } = error.info;
  return new WinRMError(error.kind, `${error.message} ${sentence}`, {
    remedy: { text: 'Do it once more when the file can be written.' },
    cause: error,
    ...(detail !== undefined && { detail }),
  });
}

/** What a vault says may repeat what it was given, so it is told by its code alone. */
async function keep(act: () => Promise<void>, name: string): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof WinRMError) throw error;
    throw new WinRMError('internal', `The password could not be kept in ${name}. Nothing was saved.`);
  }
}
