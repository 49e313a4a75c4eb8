import type { ComputerId } from '../shared/computer.ts';
import { endpointUrl, toEndpoint } from '../shared/computer.ts';
import type { CredentialId } from '../shared/credential.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { isSignedInAsLoggedOn } from '../shared/logged-on.ts';
import type { AskedComputer, PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import type { NamedCredentials } from './named-credentials.ts';
import { OpenQuestion } from './open-question.ts';
import { destinationOf, revealedIn } from './store/destination.ts';
import type { Passwords } from './store/passwords.ts';
import { CertificateSignIns } from './certificate-sign-ins.ts';
import type { CertificateToAdd } from './certificate-sign-ins.ts';
import { WinRMError } from './winrm/index.ts';
import type { AnyCredential, Credential } from './winrm/index.ts';

export interface SignInsDeps {
  readonly named: NamedCredentials;
  readonly passwords: Passwords;
  /** The window closes without an answer once the signal says so. */
  readonly ask: (question: PasswordQuestion, over: AbortSignal) => Promise<PasswordAnswer | undefined>;
  /** A computer as it is by now; undefined for one that is not looked after any more. */
  readonly find: (id: ComputerId) => ResolvedComputer | undefined;
  /** Asks for a file with a certificate; its path. */
  readonly chooseCertificate: () => Promise<string | undefined>;
  /** From now on these computers are signed in to so, as their own setting. */
  readonly bind: (
    computers: readonly ResolvedComputer[],
    signIn: { readonly username: string } | { readonly credentialId: CredentialId },
  ) => Promise<void>;
  /** A person typed it just now. */
  readonly typed: (credential: Credential) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Whose password goes where. A password is typed into the small window and goes only where that window said; the main
 * window can ask for a question, and for nothing else.
 */
export class SignIns {
  readonly #deps: SignInsDeps;
  readonly #certificates: CertificateSignIns;
  #isAsking = false;
  /** While it asks, also where no window is open just then: a person wants nobody asked any more. */
  #isStopped = false;
  #open: OpenQuestion | undefined;

  constructor(deps: SignInsDeps) {
    this.#deps = deps;
    this.#certificates = new CertificateSignIns({ ...deps, ask: (...asked) => this.#ask(...asked) });
  }

  readonly credentialFor = (computer: ResolvedComputer): AnyCredential | undefined =>
    computer.signIn?.kind === 'credential'
      ? this.#deps.named.credentialFor(computer)
      : this.#deps.passwords.get(computer);

  readonly taken = (computer: ResolvedComputer): void => {
    if (isSignedInAsLoggedOn(computer)) return;
    if (computer.signIn?.kind === 'credential') this.#deps.named.taken(computer);
  };

  /** It is not sent there again before the person says so. */
  readonly refused = (computer: ResolvedComputer): void => {
    if (isSignedInAsLoggedOn(computer)) return; // nothing of it was sent there
    if (computer.signIn?.kind === 'credential') this.#deps.named.refused(computer);
    else this.#deps.passwords.forget(computer.id);
  };

  /** Others refused it twice and nobody took it: it is wrong, and sent nowhere before it is typed anew. */
  readonly stopped = (computer: ResolvedComputer): void => {
    if (isSignedInAsLoggedOn(computer)) return;
    if (computer.signIn?.kind === 'credential') this.#deps.named.stopped(computer.signIn.credentialId);
    else this.#deps.passwords.forget(computer.id);
  };

  /** Computers or credentials are others by now: nobody may wait for the answer any more. */
  recheck(): void {
    this.#open?.recheck();
  }

  /** A person wants nobody asked any more. */
  stopAsking(): void {
    this.#isStopped = this.#isAsking;
    this.#open?.stop();
  }

  /**
   * Asks whatever keeps these computers from being asked: leave for a credential, its password, or an account's.
   *
   * @returns those that can be asked now; none where that was stopped
   * @throws WinRMError 'invalid' while another question is open
   */
  async ask(computers: readonly ResolvedComputer[]): Promise<ComputerId[]> {
    return this.#alone(async () => {
      await this.#deps.named.ready(computers);
      const answered: ComputerId[] = [];
      for (const [id, group] of groupBy(computers, (one) => this.#credentialOf(one))) {
        if (this.#isStopped) break;
        const ready = id === undefined ? await this.#signIn(group) : await this.#unlock(id, group);
        if (!ready) break; // who closes one window wants no second
        answered.push(...ready);
      }
      return this.#isStopped ? [] : answered;
    });
  }

  /** @throws WinRMError as the store; nothing where the window was closed */
  async add(name: string, username = '', certificate?: CertificateToAdd): Promise<void> {
    await this.#alone(async () => {
      if (certificate) return this.#certificates.add(name, certificate);
      const answer = await this.#ask({ mode: 'newCredential', computers: [], username, credential: name });
      if (answer) await this.#keep(name, answer);
    });
  }

  /** @returns whether a new password was typed, or another certificate chosen */
  async replace(id: CredentialId): Promise<boolean> {
    const { certificate } = this.#deps.named.get(id);
    return this.#alone(() => (certificate ? this.#certificates.replace(id) : this.#newPassword(id, [])));
  }

  /** Leave for where a password would be readable, from the person and not from the main window. */
  async agreed(id: CredentialId, computers: readonly ResolvedComputer[]): Promise<boolean> {
    const due = computers.filter((one) => !this.#deps.named.isAgreed(one));
    if (due.length === 0) return true;
    const { name, username } = this.#deps.named.get(id);
    const question = { mode: 'send', computers: asked(due), username, credential: name } as const;
    const answer = await this.#ask(question, due, id);
    if (!answer) return false;
    await this.#deps.named.agree(id, due);
    return true;
  }

  /** One account's computers: never its password to a computer of another account. */
  async #signIn(all: readonly ResolvedComputer[]): Promise<ComputerId[] | undefined> {
    const [username = ''] = all.flatMap((one) => one.username ?? []);
    const computers = all.filter((one) => (one.username ?? username) === username);
    const question = { mode: 'signIn', computers: asked(computers), username } as const;
    const answer = await this.#ask(question, computers);
    if (!answer) return undefined;
    if (answer.remember) return this.#remember(computers, answer);
    if (computers.some((one) => one.username !== answer.username))
      await this.#deps.bind(computers, { username: answer.username });
    this.#deps.typed(answer);
    const credential = { username: answer.username, password: answer.password };
    for (const computer of computers) this.#deps.passwords.set(computer, credential);
    return computers.map(({ id }) => id);
  }

  async #remember(computers: readonly ResolvedComputer[], answer: PasswordAnswer): Promise<ComputerId[]> {
    const { named, bind } = this.#deps;
    const credentialId = await this.#keep(named.freeName(answer.username), answer);
    // These destinations stood in the window that the password was typed into.
    await named.agree(
      credentialId,
      computers.filter((one) => revealedIn(destinationOf(one)) !== undefined),
    );
    await bind(computers, { credentialId });
    await named.ready(computers.map((one) => ({ ...one, signIn: { kind: 'credential', credentialId } })));
    return computers.map(({ id }) => id);
  }

  /** A credential's computers: its password where it has none or a wrong one, and leave where that is needed. */
  async #unlock(id: CredentialId, computers: readonly ResolvedComputer[]): Promise<ComputerId[] | undefined> {
    const { named } = this.#deps;
    const isDue = named.stateOf(id) !== 'ready' || named.isDoubtful(id, computers);
    if (isDue && !(await this.#newPassword(id, computers))) return undefined;
    if (!(await this.agreed(id, computers))) return undefined;
    for (const computer of computers) named.allowAgain(computer);
    await named.ready(computers);
    return computers.map((one) => one.id);
  }

  async #newPassword(id: CredentialId, computers: readonly ResolvedComputer[]): Promise<boolean> {
    const { named, now } = this.#deps;
    const { name, username, certificate } = named.get(id);
    if (certificate) return this.#certificates.unlock(id, computers);
    const question = {
      mode: 'newPassword',
      computers: asked(computers),
      username,
      credential: name,
      ...(named.isDoubtful(id, computers) && { reason: 'The password was refused.' }),
    } as const;
    const answer = await this.#ask(question, computers, id);
    if (!answer) return false;
    this.#deps.typed({ username, password: answer.password });
    const { password } = answer;
    named.took(await named.store.replace(id, { username, password, changedOn: now() }));
    return true;
  }

  async #keep(name: string, { username, password }: PasswordAnswer): Promise<CredentialId> {
    const { named, now, newId } = this.#deps;
    const id = newId();
    this.#deps.typed({ username, password });
    named.took(await named.store.add({ id, name, username, changedOn: now() }, password));
    return id;
  }

  /** @throws WinRMError 'cancelled' where the window closed by itself, and why is not plain to see */
  async #ask(
    question: Omit<PasswordQuestion, 'vault'>,
    computers: readonly ResolvedComputer[] = [],
    id?: CredentialId,
  ): Promise<PasswordAnswer | undefined> {
    if (this.#isStopped && computers.length > 0) return undefined;
    const { named, ask, find } = this.#deps;
    const { credential: name } = question;
    const credential = name === undefined ? undefined : { name, ...(id !== undefined && { id }) };
    const open = new OpenQuestion(
      { computers, credential },
      {
        find,
        credential: (one) => named.find(one),
        isNameTaken: (one) => named.isNameTaken(one),
        isServed: (one) => this.credentialFor(one) !== undefined,
      },
    );
    this.#open = open;
    try {
      const { kind, name } = (await named.store.vaults()).best;
      const answer = await ask({ ...question, ...(kind !== 'memory' && { vault: name }) }, open.signal);
      open.explain();
      return answer;
    } finally {
      this.#open = undefined;
    }
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isAsking) throw new WinRMError('invalid', 'A password is being asked for already.');
    this.#isAsking = true;
    try {
      return await work();
    } finally {
      this.#isAsking = this.#isStopped = false;
    }
  }

  #credentialOf({ signIn }: ResolvedComputer): CredentialId | undefined {
    if (signIn?.kind !== 'credential') return undefined;
    return this.#deps.named.usernameOf(signIn.credentialId) === undefined ? undefined : signIn.credentialId;
  }
}

/** By the names they are asked by, with what becomes of the password on the way. */
function asked(computers: readonly ResolvedComputer[]): AskedComputer[] {
  return computers.map((computer) => {
    const { computerName, options } = computer;
    const revealed = revealedIn(destinationOf(computer));
    const isPlain = !options.useSSL && options.port === undefined;
    const { scheme, hostname, port } = toEndpoint(computerName, options);
    const own = isPlain ? computerName : endpointUrl({ scheme, hostname, port, path: '' });
    // Where it may send on to the password, or its proof, goes, too.
    const name = [own, ...(options.redirectTo ?? [])].join(' or ');
    return { name, ...(revealed !== undefined && { revealed }) };
  });
}
