import type { ComputerId } from '../shared/computer.ts';
import type { CredentialId, CredentialUse, Credentials } from '../shared/credential.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { MAX_REFUSALS } from './login-guard.ts';
import type { CredentialContent, CredentialStore, StoredCredential } from './store/credentials.ts';
import { openCertificate } from './store/certificates.ts';
import { destinationKey, destinationOf, isProvedToProxy } from './store/destination.ts';
import type { Loaded } from './store/versioned-file.ts';
import { isClientCertificate, WinRMError } from './winrm/index.ts';
import type { AnyCredential, Credential } from './winrm/index.ts';

export interface NamedCredentialsDeps {
  readonly store: CredentialStore;
  /** What the window is shown of them is another. */
  readonly changed: () => void;
  /** The account of one may be another. */
  readonly accounts: () => void;
  readonly notice: (sentence: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The named credentials as far as this run knows them: accounts, passwords and certificates in use, and how they fared. */
export class NamedCredentials {
  readonly store: CredentialStore;
  readonly #deps: NamedCredentialsDeps;
  #all = new Map<CredentialId, StoredCredential>();
  /** Read from the vault when a computer needs it; undefined where its password is not there any more. */
  readonly #opened = new Map<CredentialId, AnyCredential | undefined>();
  /** Not given out by the vault when it was last asked, which is said once; it is asked again. */
  readonly #withheld = new Set<CredentialId>();
  readonly #uses = new Map<CredentialId, CredentialUse>();
  /** Refused wherever it went, so that it is sent nowhere until it is typed anew. */
  readonly #wrong = new Set<CredentialId>();
  /** Taken somewhere since it was typed or read. */
  readonly #proven = new Set<CredentialId>();
  /** How often it was refused since it was taken last. */
  readonly #refusals = new Map<CredentialId, number>();
  readonly #refusedBy = new Map<ComputerId, CredentialId>();
  readonly #deleted = new Set<CredentialId>();
  #isUnreadable = false;

  constructor(deps: NamedCredentialsDeps) {
    this.#deps = deps;
    this.store = deps.store;
    this.store.notice = deps.notice;
  }

  /** @throws WinRMError as the store */
  async load(): Promise<void> {
    this.took(await this.store.load());
  }

  /** What the store answered, with what had to be done to read it. */
  took({ content, notice, isAbsent = false, isNewer = false }: Loaded<CredentialContent>): void {
    this.#isUnreadable = notice !== undefined || isAbsent;
    // What a newer version wrote there is not known: what was known last stays.
    this.#follow(isNewer ? { credentials: [...this.#all.values()] } : content);
    if (notice) this.#deps.notice(notice);
  }

  /** What stands in the file by now; a password that was typed anew elsewhere is read again. */
  #follow({ credentials }: CredentialContent): void {
    for (const one of credentials) {
      if (this.#all.get(one.id)?.changedOn !== one.changedOn) this.#forget(one.id);
    }
    const before = this.#all;
    this.#all = new Map(credentials.map((one) => [one.id, one]));
    for (const id of before.keys()) {
      if (this.#all.has(id)) continue;
      this.#forget(id);
      if (!this.#isUnreadable) this.#deleted.add(id);
    }
    this.#deps.accounts();
    this.#deps.changed();
  }

  /** What the window is shown. */
  async shown(): Promise<Credentials> {
    const { kind, name, sentence } = (await this.store.vaults()).best;
    const credentials = await Promise.all(
      [...this.#all.values()].map(async ({ agreed: _, ...one }) => {
        const lastUse = this.#uses.get(one.id);
        return { ...one, hasPassword: await this.#mayHavePassword(one), ...(lastUse && { lastUse }) };
      }),
    );
    return { vault: { kind, name, ...(sentence !== undefined && { sentence }) }, credentials };
  }

  get(id: CredentialId): StoredCredential {
    const credential = this.#all.get(id);
    if (!credential) throw new WinRMError('invalid', 'This credential is not there any more.');
    return credential;
  }

  readonly usernameOf = (id: CredentialId): string | undefined => this.#all.get(id)?.username;

  /** Only what was seen to be deleted is gone: after a file that was broken, what names a credential is not thrown away. */
  readonly isDeleted = (id: CredentialId): boolean => this.#deleted.has(id) && !this.#all.has(id);

  find(id: CredentialId): StoredCredential | undefined {
    return this.#all.get(id);
  }

  isNameTaken(name: string): boolean {
    return [...this.#all.values()].some((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  /** A name that no other has, made of the account. */
  freeName(username: string): string {
    const base = username.slice(0, 90);
    let name = base;
    for (let n = 2; this.isNameTaken(name); n++) name = `${base} (${n})`;
    return name;
  }

  /** Reads what these computers need from the vault. @returns those for which there is a password only now */
  async ready(computers: readonly ResolvedComputer[]): Promise<ResolvedComputer[]> {
    const isMissing = (id: CredentialId) => this.#all.has(id) && (!this.#opened.has(id) || this.#isOver(id));
    const missing = computers.filter((one) => idsOf(one).some(isMissing));
    const ids = new Set(missing.flatMap(idsOf).filter(isMissing));
    const found = await Promise.all([...ids].map((id) => this.#read(id)));
    if (found.includes(false)) this.#deps.changed();
    return missing.filter((one) =>
      idsOf(one).some((id) => ids.has(id) && this.#opened.get(id) !== undefined),
    );
  }

  /** Undefined where there is none, where it was refused, or where it would be readable and nobody agreed to that. */
  credentialFor(computer: ResolvedComputer): AnyCredential | undefined {
    const id = idOf(computer);
    const opened = id === undefined ? undefined : this.opened(id);
    if (id === undefined || !opened || this.#wrong.has(id)) return undefined;
    return this.#refusedBy.get(computer.id) === id || !this.isAgreed(computer) ? undefined : opened;
  }

  /** The proxy's, where it stays on this machine: nobody is asked here whether a proxy may read it. */
  proxyCredentialFor(computer: ResolvedComputer): Credential | undefined {
    const id = proxyIdOf(computer);
    const opened = id === undefined ? undefined : this.opened(id);
    return !opened || isClientCertificate(opened) || !isProvedToProxy(computer) ? undefined : opened;
  }

  /** Whatever stays on this machine may be used anywhere; what does not needs the person's word, once a destination. */
  isAgreed(computer: ResolvedComputer): boolean {
    const destination = destinationOf(computer);
    const credential = this.#all.get(idOf(computer) ?? '');
    if (destination.reveals === 'proof' || credential?.certificate) return true;
    const agreed = credential?.agreed ?? [];
    return agreed.includes(destinationKey(destination));
  }

  async agree(id: CredentialId, computers: readonly ResolvedComputer[]): Promise<void> {
    const keys = computers.map((one) => destinationKey(destinationOf(one)));
    this.took(await this.store.agree(id, keys));
  }

  /** Its password as far as it was read, and whether it is known to be wrong. */
  stateOf(id: CredentialId): 'ready' | 'wrong' | 'missing' {
    if (this.#wrong.has(id)) return 'wrong';
    return this.opened(id) === undefined ? 'missing' : 'ready';
  }

  /** Whether it must be typed anew before it goes to these again: one that was taken gets a second try. */
  isDoubtful(id: CredentialId, computers: readonly ResolvedComputer[]): boolean {
    if (this.#wrong.has(id)) return true;
    if (this.#all.get(id)?.certificate) return false; // there is nothing to type anew
    const isRefused = computers.some((one) => this.#refusedBy.get(one.id) === id);
    return isRefused && (this.#refusals.get(id) ?? 0) >= (this.#proven.has(id) ? MAX_REFUSALS : 1);
  }

  /** As far as it was read. */
  opened(id: CredentialId): AnyCredential | undefined {
    return this.#all.has(id) ? this.#opened.get(id) : undefined;
  }

  /** The person says so: it may be tried here again. */
  allowAgain({ id }: ResolvedComputer): void {
    this.#refusedBy.delete(id);
  }

  taken(computer: ResolvedComputer): void {
    const id = idOf(computer);
    if (id === undefined || !this.#all.has(id)) return;
    this.#refusedBy.delete(computer.id);
    this.tried(id, computer.computerName, 'taken');
  }

  /** It is not sent there again until the person says so. */
  refused(computer: ResolvedComputer): void {
    const id = idOf(computer);
    if (id === undefined || !this.#all.has(id)) return;
    this.#refusedBy.set(computer.id, id);
    this.tried(id, computer.computerName, 'refused');
  }

  stopped(id: CredentialId): void {
    this.#wrong.add(id);
  }

  /** How it fared, which is shown. */
  tried(id: CredentialId, computerName: string, result: CredentialUse['result']): void {
    const before = this.#uses.get(id);
    this.#uses.set(id, { at: this.#deps.now(), computerName, result });
    if (result === 'taken') {
      this.#wrong.delete(id);
      this.#refusals.delete(id);
      this.#proven.add(id);
    } else {
      const refusals = (this.#refusals.get(id) ?? 0) + 1;
      this.#refusals.set(id, refusals);
      // One that was taken is the matter of those computers that refuse it.
      const isOfEach = this.#proven.has(id) || this.#all.get(id)?.certificate; // mapped by each computer itself
      if (refusals >= MAX_REFUSALS && !isOfEach) this.#wrong.add(id);
    }
    if (before?.result !== result) this.#deps.changed();
  }

  clear(): void {
    this.#opened.clear();
  }

  async #read(id: CredentialId): Promise<boolean> {
    const credential = this.get(id);
    try {
      const opened = await this.#open(credential);
      // While the vault was being unlocked, another may have been typed.
      if (this.#all.get(id)?.changedOn !== credential.changedOn) return false;
      this.#opened.set(id, opened);
      if (this.#withheld.delete(id)) this.#deps.changed();
      return opened !== undefined;
    } catch (error) {
      if (!this.#withheld.has(id)) this.#deps.notice(whyNotOpened(credential, error));
      this.#withheld.add(id);
      return false;
    }
  }

  async #open(credential: StoredCredential): Promise<AnyCredential | undefined> {
    const { id, username, certificate: kept } = credential;
    const password = await this.store.password(credential);
    if (password === undefined || !kept) return password === undefined ? undefined : { username, password };
    const before = this.#opened.get(id);
    const certificate = await openCertificate(kept.source, kept, password);
    const { thumbprint } = certificate.info;
    if (thumbprint !== kept.thumbprint) {
      const info = { ...certificate.info, source: kept.source };
      this.took(await this.store.renewed(id, certificate.username, info));
    }
    // The same one stays the same object, by which its TLS is kept.
    return isClientCertificate(before) && before.info.thumbprint === thumbprint ? before : certificate;
  }

  /** A certificate that ended: by now a new one may lie in its place. */
  #isOver(id: CredentialId): boolean {
    const opened = this.#opened.get(id);
    return isClientCertificate(opened) && opened.info.validTo < this.#deps.now();
  }

  /** Why there is nothing to sign in with. */
  whyNone(id: CredentialId): string {
    return this.#withheld.has(id)
      ? 'Its vault does not give out its password, or its certificate, now. See to that, then try once more.'
      : 'Its password, or its certificate, is not there any more. Replace it.';
  }

  /** The system's vault is not asked before a computer needs it. */
  async #mayHavePassword(one: StoredCredential): Promise<boolean> {
    if (this.#opened.has(one.id)) return this.#opened.get(one.id) !== undefined;
    if (one.kept !== 'memory') return !this.#withheld.has(one.id);
    return (await this.store.password(one)) !== undefined; // that of an earlier run is gone
  }

  #forget(id: CredentialId): void {
    this.#opened.delete(id);
    this.#withheld.delete(id);
    this.#wrong.delete(id);
    this.#proven.delete(id);
    this.#refusals.delete(id);
    for (const [computer, one] of this.#refusedBy) if (one === id) this.#refusedBy.delete(computer);
  }
}

function whyNotOpened({ name, certificate }: StoredCredential, error: unknown): string {
  if (certificate && error instanceof WinRMError)
    return `The certificate of ${name} cannot be used. ${error.message}`;
  const sentence = `The vault did not give out the ${certificate ? 'passphrase' : 'password'} of ${name}.`;
  // What the system's own vault says may repeat what it was given.
  return error instanceof WinRMError ? `${sentence} ${error.message}` : sentence;
}

const idOf = ({ signIn }: ResolvedComputer): CredentialId | undefined =>
  signIn?.kind === 'credential' ? signIn.credentialId : undefined;

const proxyIdOf = ({ options }: ResolvedComputer): CredentialId | undefined =>
  options.sessionOption?.proxyCredential;

/** All that a computer is reached with. */
const idsOf = (computer: ResolvedComputer): CredentialId[] =>
  [idOf(computer), proxyIdOf(computer)].filter((id) => id !== undefined);
