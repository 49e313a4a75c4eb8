import { effectiveEndpointKey, endpointKey, parseComputers } from '../shared/computer-text.ts';
import type { ComputerId, ProfileContent } from '../shared/computer.ts';
import type { Request } from '../shared/contract.ts';
import type { CredentialId, Credentials } from '../shared/credential.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import { isSignedInAsLoggedOn } from '../shared/logged-on.ts';
import { computersToAdd } from './computers-to-add.ts';
import type { DeskDeps } from './desk-deps.ts';
import type { FleetDeps, FleetEvents } from './fleet-deps.ts';
import { isNotAsked } from './login-guard.ts';
import { LookedAfter } from './looked-after.ts';
import { NamedCredentials } from './named-credentials.ts';
import type { ToldOfFleet } from './page-talk.ts';
import { ShownByComputers } from './shown-by-computers.ts';
import { SignIns } from './sign-ins.ts';
import { Passwords } from './store/passwords.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';
import type { AnyCredential, BeforeLogin } from './winrm/index.ts';

export interface OwnFleetDeps
  extends
    Pick<
      DeskDeps,
      | 'profiles'
      | 'credentials'
      | 'open'
      | 'diagnose'
      | 'forgetSilence'
      | 'askPassword'
      | 'chooseCertificate'
      | 'now'
      | 'newId'
    >,
    ToldOfFleet {
  readonly fleet: Omit<FleetDeps, 'open' | 'taken' | 'refused' | 'stopped' | 'emit'>;
  readonly emit: FleetEvents;
  readonly profileChanged: () => void;
  readonly credentialsChanged: (credentials: Credentials) => void;
  /** What nobody waits for went wrong. */
  readonly failed: (error: unknown) => void;
}

/** Of a text in which there is no computer to add. */
function whyNothing(text: string): string {
  const entries = parseComputers(text);
  const [first] = entries.filter((one) => 'problem' in one);
  if (!first || entries.some((one) => 'computerName' in one)) return 'All of these are in the list already.';
  const shown = first.text.length > 80 ? `${first.text.slice(0, 80)}…` : first.text;
  return `There is no computer to add: ${shown} is ${first.problem}.`;
}

/** The person's own computers with whose passwords they are asked: what is done to either. */
export class OwnFleet {
  readonly looked: LookedAfter;
  readonly #deps: OwnFleetDeps;
  readonly #named: NamedCredentials;
  readonly #passwords: Passwords;
  readonly #signIns: SignIns;
  readonly #shown = new ShownByComputers(() => this.looked);

  constructor(deps: OwnFleetDeps) {
    this.#deps = deps;
    this.#passwords = new Passwords();
    this.#named = new NamedCredentials({
      ...deps,
      store: deps.credentials,
      notice: (message) => deps.notice({ level: 'error', message }),
      accounts: () => this.looked.follow({ ask: false }),
      changed: () => {
        this.#signIns?.recheck();
        void this.credentials().then(deps.credentialsChanged);
      },
    });
    this.#signIns = new SignIns({
      ...deps,
      named: this.#named,
      passwords: this.#passwords,
      ask: deps.askPassword,
      find: (id) => this.looked.find(id),
      typed: (credential) => this.looked.fleet.typed(credential),
      bind: (computers, signIn) => this.#bind(new Set(computers.map(({ id }) => id)), signIn),
    });
    this.looked = new LookedAfter({
      ...deps,
      store: deps.profiles,
      fleet: {
        ...deps.fleet,
        open: (computer, onWarning, gateOf) => {
          if (isSignedInAsLoggedOn(computer)) return this.#open(computer, undefined, onWarning, undefined);
          const credential = this.#signIns.credentialFor(computer);
          return credential && this.#open(computer, credential, onWarning, gateOf(credential));
        },
        taken: this.#signIns.taken,
        refused: this.#signIns.refused,
        stopped: this.#signIns.stopped,
        emit: { ...deps.emit, changed: (changes) => this.#heard(changes) },
      },
      usernameOf: this.#named.usernameOf,
      isCredentialDeleted: this.#named.isDeleted,
      ready: async (computers, { unasked }) => {
        if (!unasked) deps.forgetSilence();
        return this.#named.ready(computers);
      },
      changed: () => {
        this.#signIns.recheck();
        deps.profileChanged();
      },
    });
  }

  /** Each file that cannot be used is told, and counts as empty. */
  async load(): Promise<void> {
    await this.#named.load().catch(this.#deps.failed);
    await this.looked.quietly((profile) => profile.load()).catch(this.#deps.failed);
  }

  /** Follows what other processes write. @returns functions that stop it */
  watch(): (() => void)[] {
    const { failed, credentials } = this.#deps;
    return [
      this.looked.profile.watch(failed),
      credentials.watch(() => void this.#named.load().then(() => this.#ready(), failed)),
    ];
  }

  credentials(): Promise<Credentials> {
    return this.#named.shown();
  }

  clear(): void {
    this.#passwords.clear();
    this.#named.clear();
  }

  /** @throws WinRMError 'invalid' when there is nothing new in the text */
  async add(request: Request<'computer.add'>): Promise<void> {
    let ids: ComputerId[] = [];
    const found = computersToAdd(request, this.looked.content, this.#deps.newId);
    if (found.length === 0) throw new WinRMError('invalid', whyNothing(request.text));
    const label = `Add ${found.length} computer${found.length === 1 ? '' : 's'}`;
    await this.looked.profile.edit(label, (all) => {
      const known = new Set(all.computers.map((one) => effectiveEndpointKey(all, one)));
      const added = found.filter((one) => !known.has(effectiveEndpointKey(all, one)));
      ids = added.map(({ id }) => id);
      return { ...all, computers: [...all.computers, ...added] };
    });
    await this.#named.ready(ids.map((id) => this.looked.computer(id)));
    const due = ids.filter((id) => this.#isDue(this.looked.computer(id)));
    if (due.length > 0) void this.ask(due).catch(this.#deps.failed);
  }

  /** With the computer's own credential, through the guard; a refusal counts as one of a question. */
  async diagnose(
    computerId: ComputerId,
    changed: (diagnosis: Diagnosis) => void,
    signal: AbortSignal,
  ): Promise<Diagnosis> {
    const computer = this.looked.computer(computerId);
    await this.#named.ready([computer]);
    const asLoggedOn = isSignedInAsLoggedOn(computer);
    const credential = asLoggedOn ? undefined : this.#signIns.credentialFor(computer);
    const told = (diagnosis: Diagnosis) => {
      this.#shown.diagnosed.note(computerId, endpointKey(computer), diagnosis);
      changed(diagnosis);
    };
    const how = { changed: told, signal, proxyCredential: this.#named.proxyCredentialFor(computer) };
    if (!credential) return this.#deps.diagnose(computer, { ...how, asLoggedOn });
    return this.looked.fleet.tryOut(credential, (before) => {
      const beforeLogin: BeforeLogin = async (waiting) => {
        const attempt = await before(waiting);
        const refused = () => (this.#signIns.refused(computer), attempt.refused());
        return { ...attempt, refused };
      };
      return this.#deps.diagnose(computer, { ...how, credential, beforeLogin });
    });
  }

  /** A person wants nobody asked any more: neither computers nor whoever would sign in to them. */
  stopAsking(): void {
    this.#signIns.stopAsking();
    this.looked.fleet.cancel();
  }

  pin(request: Request<'certificate.pin'>): Promise<void> {
    return this.#shown.pin(request);
  }

  allowRedirection(request: Request<'redirection.allow'>): Promise<void> {
    return this.#shown.allowRedirection(request);
  }

  /** Asks for what keeps these computers from being asked, then asks them. */
  async ask(ids: readonly ComputerId[]): Promise<void> {
    this.#requireShown();
    const computers = ids.map((id) => this.looked.computer(id));
    const due = computers.filter((one) => !isSignedInAsLoggedOn(one));
    const answered = due.length > 0 ? await this.#signIns.ask(due) : [];
    this.#askAgain([...computers.filter(isSignedInAsLoggedOn).map(({ id }) => id), ...answered]);
  }

  /** Whether it waits for a person. */
  #isDue(computer: ResolvedComputer): boolean {
    return !isSignedInAsLoggedOn(computer) && !this.#signIns.credentialFor(computer);
  }

  addCredential({ name, username, certificate }: Request<'credential.add'>): Promise<void> {
    return this.#signIns.add(name, username, certificate);
  }

  async renameCredential({ credentialId, name }: Request<'credential.rename'>): Promise<void> {
    this.#named.took(await this.#deps.credentials.rename(credentialId, name));
  }

  async replaceCredential({ credentialId }: Request<'credential.replace'>): Promise<void> {
    if (!(await this.#signIns.replace(credentialId))) return;
    const all = this.looked.content.computers.map(({ id }) => this.looked.computer(id));
    const users = all.filter(
      ({ signIn }) => signIn?.kind === 'credential' && signIn.credentialId === credentialId,
    );
    this.#askAgain(users.map(({ id }) => id));
  }

  async deleteCredential({ credentialId }: Request<'credential.delete'>): Promise<void> {
    this.#named.took(await this.#deps.credentials.delete(credentialId));
  }

  /** Signs in to one computer, once. @throws WinRMError as the computer's answer */
  async testCredential({ credentialId, computerId }: Request<'credential.test'>): Promise<void> {
    this.#requireShown();
    const { username } = this.#named.get(credentialId);
    const signIn = { kind: 'credential', credentialId } as const;
    const computer = { ...this.looked.computer(computerId), signIn, username };
    await this.#named.ready([computer]);
    const credential = this.#named.opened(credentialId);
    if (credential === undefined) throw new WinRMError('invalid', this.#named.whyNone(credentialId));
    if (this.#named.isDoubtful(credentialId, [computer]))
      throw new WinRMError('unauthenticated', 'Its password was refused. Type it anew first.');
    if (!(await this.#signIns.agreed(credentialId, [computer])))
      throw new WinRMError('cancelled', 'Nothing was sent.');
    await this.looked.fleet.tryOut(credential, (before) => this.#try(computer, credential, before));
  }

  async #try(
    computer: ResolvedComputer & { readonly signIn: { readonly credentialId: CredentialId } },
    credential: AnyCredential,
    before: BeforeLogin,
  ): Promise<void> {
    const { credentialId } = computer.signIn;
    const remote = this.#open(computer, credential, () => undefined, before);
    try {
      await remote.list({}, { strict: false });
      this.#named.tried(credentialId, computer.computerName, 'taken');
    } catch (error) {
      const { kind } = toErrorInfo(error);
      if (kind === 'unauthenticated' && !isNotAsked(error))
        this.#named.tried(credentialId, computer.computerName, 'refused');
      throw error;
    } finally {
      remote.close();
    }
  }

  readonly #open: DeskDeps['open'] = (computer, credential, onWarning, before) =>
    this.#deps.open(computer, credential, onWarning, before, this.#named.proxyCredentialFor(computer));

  async #ready(): Promise<void> {
    const all = this.looked.content.computers.map(({ id }) => this.looked.computer(id));
    this.#askAgain((await this.#named.ready(all)).map(({ id }) => id));
  }

  /** While the sample is shown nothing is sent; once it is left all are asked. */
  #askAgain(ids: readonly ComputerId[]): void {
    for (const id of ids) this.looked.fleet.signedIn(id);
    if (ids.length > 0 && !this.#deps.isResting()) void this.looked.refresh(ids);
  }

  #requireShown(): void {
    if (this.#deps.isResting())
      throw new WinRMError('invalid', 'While the sample fleet is shown nothing is sent. Leave it first.');
  }

  /** What could not even be sent, such as a name that Basic cannot carry, is to be typed anew. */
  #heard(changes: Parameters<FleetEvents['changed']>[0]): void {
    for (const [id, status] of changes)
      if (status.kind === 'failed' && status.error.kind === 'invalid') this.#passwords.forget(id);
    this.#deps.emit.changed(changes);
  }

  async #bind(
    ids: ReadonlySet<ComputerId>,
    to: { readonly username: string } | { readonly credentialId: string },
  ): Promise<void> {
    const isAsked = 'username' in to;
    const signIn = isAsked ? ({ kind: 'ask', ...to } as const) : ({ kind: 'credential', ...to } as const);
    const name = isAsked ? to.username : this.#named.get(to.credentialId).name;
    const change = (all: ProfileContent): ProfileContent => ({
      ...all,
      computers: all.computers.map((one) => (ids.has(one.id) ? { ...one, signIn } : one)),
    });
    await this.looked.quietly(
      (profile) => profile.edit(`Sign in as ${name}`, change),
      (id) => ids.has(id),
    );
  }
}
