import type { CertificateSource } from '../shared/client-certificate.ts';
import { plainThumbprint } from '../shared/client-certificate.ts';
import type { Request } from '../shared/contract.ts';
import type { CredentialId } from '../shared/credential.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import type { NamedCredentials } from './named-credentials.ts';
import { openCertificate } from './store/certificates.ts';
import { demandUsable, WinRMError } from './winrm/index.ts';
import type { ClientCertificate } from './winrm/index.ts';

export interface CertificateSignInsDeps {
  readonly named: NamedCredentials;
  /** For these computers, where some wait for it; of the credential that is there already, where it is one. */
  readonly ask: (
    question: PasswordQuestion,
    computers?: readonly ResolvedComputer[],
    id?: CredentialId,
  ) => Promise<PasswordAnswer | undefined>;
  /** Asks for a file; its path. */
  readonly chooseCertificate: () => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}

export type CertificateToAdd = NonNullable<Request<'credential.add'>['certificate']>;

/** What is opened, and for whom. */
interface ToOpen {
  readonly name: string;
  /** Of a credential that is there already. */
  readonly id?: CredentialId;
  readonly computers?: readonly ResolvedComputer[];
}

interface Opened {
  readonly certificate: ClientCertificate;
  readonly source: CertificateSource;
  readonly passphrase: string;
}

/**
 * Client certificates under names. Which file it is the person says in the system's own dialog, and its passphrase in
 * the small window: the main window can name neither. Of Windows' store it names a thumbprint, and the small window asks.
 */
export class CertificateSignIns {
  readonly #deps: CertificateSignInsDeps;

  constructor(deps: CertificateSignInsDeps) {
    this.#deps = deps;
  }

  /** @throws WinRMError why it is no use; nothing where the person thought better of it */
  async add(name: string, wanted: CertificateToAdd): Promise<void> {
    const { named, now, newId } = this.#deps;
    const opened = await this.#choose({ name }, wanted);
    if (!opened) return;
    const added = { id: newId(), name, changedOn: now(), ...shownOf(opened) };
    named.took(await named.store.add(added, opened.passphrase));
  }

  /** Another one in its place, mostly the renewed one. @returns whether one was chosen */
  async replace(id: CredentialId): Promise<boolean> {
    const { name, certificate } = this.#deps.named.get(id);
    if (certificate?.source.kind === 'windowsStore')
      throw new WinRMError(
        'invalid',
        'A renewed certificate in the store of Windows has another thumbprint.',
        {
          remedy: { text: 'Make a new credential with it, and delete this one.' },
        },
      );
    return this.#replaceBy(id, await this.#choose({ name, id }, { kind: 'file' }));
  }

  /** What is known of it did not open it: its passphrase is asked for, as these wait for it. @returns whether it is open now */
  async unlock(id: CredentialId, computers: readonly ResolvedComputer[]): Promise<boolean> {
    const { name, certificate } = this.#deps.named.get(id);
    if (!certificate) return false;
    return this.#replaceBy(
      id,
      await this.#open({ name, id, computers }, certificate.source, certificate.thumbprint),
    );
  }

  async #replaceBy(id: CredentialId, opened: Opened | undefined): Promise<boolean> {
    const { named, now } = this.#deps;
    if (!opened) return false;
    const { passphrase: password } = opened;
    named.took(await named.store.replace(id, { ...shownOf(opened), password, changedOn: now() }));
    return true;
  }

  async #choose(of: ToOpen, wanted: CertificateToAdd): Promise<Opened | undefined> {
    if (wanted.kind === 'windowsStore') {
      const thumbprint = plainThumbprint(wanted.thumbprint);
      // The main window said which one; that its key is taken out, only the person can say.
      const question = {
        mode: 'export',
        computers: [],
        username: '',
        credential: of.name,
        thumbprint,
      } as const;
      return (
        (await this.#deps.ask(question, of.computers, of.id)) &&
        this.#open(of, { kind: wanted.kind }, thumbprint)
      );
    }
    const path = await this.#deps.chooseCertificate();
    return path === undefined ? undefined : this.#open(of, { kind: 'file', path, hasPassphrase: false });
  }

  /** Asks for a passphrase as long as it is wrong. */
  async #open(of: ToOpen, source: CertificateSource, thumbprint = ''): Promise<Opened | undefined> {
    const wanted = { thumbprint: plainThumbprint(thumbprint) };
    for (let passphrase = '', wasAsked = false; ; wasAsked = true) {
      const certificate = await openCertificate(source, wanted, passphrase).catch(orIfWrong);
      if (certificate) {
        demandUsable(certificate, this.#deps.now());
        const hasPassphrase = passphrase !== '';
        return {
          certificate,
          passphrase,
          source: source.kind === 'file' ? { ...source, hasPassphrase } : source,
        };
      }
      const question = {
        mode: 'passphrase',
        computers: [],
        username: '',
        credential: of.name,
        ...(source.kind === 'file' && { file: nameOf(source.path) }),
        ...(wasAsked && { reason: 'That was not the passphrase.' }),
      } as const;
      const answer = await this.#deps.ask(question, of.computers, of.id);
      if (!answer) return undefined;
      passphrase = answer.password;
    }
  }
}

function orIfWrong(error: unknown): undefined {
  if (error instanceof WinRMError && error.kind === 'unauthenticated') return undefined;
  throw error;
}

const shownOf = ({ certificate: { username, info }, source }: Opened) => ({
  username,
  certificate: { ...info, source },
});

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
