import { join } from 'node:path';
import { CredentialStore } from '../store/credentials.ts';
import type { StoredCredential } from '../store/credentials.ts';
import { openKeyringVault } from '../store/keyring-vault.ts';
import { memoryVault, vaultsOf } from '../store/vault.ts';
import { openCertificate } from '../store/certificates.ts';
import type { KeptCertificate } from '../../shared/client-certificate.ts';
import { WinRMError } from '../winrm/index.ts';
import type { AnyCredential, ClientCertificate } from '../winrm/index.ts';
import { appFolder } from './app-folder.ts';
import { BindingError } from './binding/binding-error.ts';
import type { CommandIO } from './io.ts';
import { unreadable } from './unreadable.ts';

/** The app's named credentials, as far as a prompt can use them. */
export class SavedCredentials {
  readonly #io: CommandIO;
  readonly #store: CredentialStore;
  readonly #file: string;
  #all: Promise<readonly StoredCredential[]> | undefined;
  readonly #opened = new Map<string, Promise<AnyCredential>>();

  /** @param warn is told when the file cannot be read */
  constructor(io: CommandIO, warn: (sentence: string) => void) {
    this.#io = io;
    this.#file = join(appFolder(io), 'credentials.json');
    this.#store = new CredentialStore({
      file: this.#file,
      vaults: async () => {
        const keyring =
          io.loadKeyring && (await openKeyringVault({ load: io.loadKeyring, platform: io.platform }));
        return vaultsOf([...(keyring ? [keyring] : []), memoryVault('')]);
      },
    });
    this.#warn = warn;
  }

  readonly #warn: (sentence: string) => void;

  /**
   * By its name, whatever the case; undefined where there is none, and after a warning where the file cannot be read but
   * the name may be an account's, whose password is to be had otherwise.
   *
   * @throws WinRMError where it cannot be read and there is no other way to a password
   */
  async named(
    name: string,
    { isAsked = this.#io.askPassword !== undefined } = {},
  ): Promise<StoredCredential | undefined> {
    try {
      const all = await this.#list();
      return all.find((one) => one.name.toLowerCase() === name.toLowerCase());
    } catch (error) {
      if (!isAsked || !(error instanceof WinRMError)) throw error;
      this.#warn(`${error.message.replace(/\.$/, '')}, so '${name}' is taken for an account.`);
      return undefined;
    }
  }

  /** @throws WinRMError where the file cannot be read */
  async byId(id: string): Promise<StoredCredential | undefined> {
    return (await this.#list()).find((one) => one.id === id);
  }

  /** One that is a client certificate of that thumbprint, as Windows writes it. @throws as `byId` */
  async byThumbprint(thumbprint: string): Promise<SavedCertificate | undefined> {
    const isMeant = (one: StoredCredential): one is SavedCertificate =>
      one.certificate?.thumbprint === thumbprint;
    try {
      return (await this.#list()).find(isMeant);
    } catch (error) {
      // Windows has a store of its own to look in.
      if (this.#io.platform !== 'win32' || !(error instanceof WinRMError)) throw error;
      this.#warn(error.message);
      return undefined;
    }
  }

  /** Its account with the password from the vault, or its certificate. @throws BindingError where a prompt cannot read it, and why */
  open(credential: StoredCredential): Promise<AnyCredential> {
    const opened = this.#opened.get(credential.id) ?? this.#open(credential);
    this.#opened.set(credential.id, opened);
    return opened;
  }

  /** @throws WinRMError why it is no use; BindingError where its passphrase cannot be read here */
  async openCertificate(credential: SavedCertificate): Promise<ClientCertificate> {
    const { source } = credential.certificate;
    const isLocked = source.kind === 'file' && source.hasPassphrase;
    return openCertificate(source, credential.certificate, isLocked ? await this.#secretOf(credential) : '');
  }

  async #open(credential: StoredCredential): Promise<AnyCredential> {
    const { username, certificate, name } = credential;
    if (!certificate) return { username, password: await this.#secretOf(credential) };
    try {
      return await this.openCertificate({ ...credential, certificate });
    } catch (error) {
      if (!(error instanceof WinRMError)) throw error;
      throw new BindingError(
        'CredentialUnavailable',
        `The certificate of '${name}' cannot be used. ${error.message}`,
      );
    }
  }

  async #secretOf(credential: StoredCredential): Promise<string> {
    const { name, kept } = credential;
    if (kept === 'safeStorage') {
      throw notHere(
        name,
        'it lies in a file that only the app can decrypt, because this system had no vault when it was saved',
      );
    }
    if (kept === 'memory')
      throw notHere(name, 'this system has no vault, so it is in the app’s memory alone');
    if (!(await this.#store.vaults()).of('keyring')) throw notHere(name, this.#whyNoVault());
    const password = await this.#store.password(credential).catch(() => {
      throw notHere(name, 'the vault did not give it out');
    });
    if (password === undefined) throw notHere(name, 'it is not in the vault any more');
    return password;
  }

  #whyNoVault(): string {
    return this.#io.loadKeyring
      ? 'the system’s vault cannot be reached from here'
      : 'the part of pssm that reads the system’s vault is not installed beside it';
  }

  /** Read once a run, and only where something asks for it. */
  #list(): Promise<readonly StoredCredential[]> {
    return (this.#all ??= this.#read());
  }

  async #read(): Promise<readonly StoredCredential[]> {
    try {
      const { content, notice } = await this.#store.peek();
      if (notice) this.#warn(notice);
      return content.credentials;
    } catch (error) {
      throw unreadable(error, 'The saved credentials', this.#file);
    }
  }
}

export type SavedCertificate = StoredCredential & { readonly certificate: KeptCertificate };

function notHere(name: string, why: string): BindingError {
  return new BindingError(
    'CredentialUnavailable',
    `The password of the credential '${name}' cannot be read here: ${why}. Give it with --password-stdin, or give the account, or the certificate’s file, and be asked for it.`,
  );
}
