import { endpointKey, parseComputers } from '../shared/computer-text.ts';
import type { Computer, ComputerId, ProfileContent } from '../shared/computer.ts';
import { resolveComputer } from '../shared/inheritance.ts';
import { applyEdit } from '../shared/profile-edit.ts';
import type { Notice, Request, SessionKey } from '../shared/contract.ts';
import { byAccount } from './by-account.ts';
import { later } from './coalesce.ts';
import type { DeskDeps, Send } from './desk-deps.ts';
import { FIRST_ANSWER_MS, Fleet, provesSignIn } from './fleet.ts';
import type { FleetEvents } from './fleet.ts';
import type { Handlers } from './ipc.ts';
import { NOTHING } from './store/profiles.ts';
import { oneFirst } from './one-first.ts';
import { limiter } from './throttle.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

const GATHER_MS = 50;
/** Sessions acted on at once. */
const ACT_LIMIT = 32;
/** How long leaving may take before the app, or the sample fleet, goes anyway. */
const LEAVE_LIMIT_MS = 5_000;

/** What the window can ask for: the person's own computers, or the sample fleet in their place. */
export class Desk {
  readonly #deps: DeskDeps;
  readonly #own: Fleet;
  #content: ProfileContent = NOTHING;
  #sample: { readonly fleet: Fleet; readonly content: ProfileContent } | undefined;
  #watched = false;
  #begin: () => void = () => undefined;
  /** Before it nobody knows what is to be shown. */
  readonly #begun = new Promise<void>((resolve) => (this.#begin = resolve));
  /** Said before a window listened. */
  #early: Notice[] = [];
  #asking = false;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#own = new Fleet({
      open: (computer, onWarning) => {
        const credential = deps.passwords.get(computer);
        return credential && deps.open(computer, credential, onWarning);
      },
      taken: ({ id }) => deps.passwords.taken(id),
      refused: ({ id }) => deps.passwords.refused(id),
      emit: this.#eventsOf(() => this.#own),
      now: deps.now,
      gather: GATHER_MS,
    });
  }

  /** What the window shows first: the own computers, or the sample fleet. Whoever watches before waits for it. */
  async start({ sample = false } = {}): Promise<void> {
    const loaded = this.#load();
    try {
      await (sample ? this.#openSample() : loaded);
    } finally {
      this.#begin();
    }
    await loaded;
    void this.#own.refresh();
  }

  async #load(): Promise<void> {
    try {
      this.#follow(await this.#deps.profiles.load());
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Leaves all that is held, so that nothing stays in use by an app that is gone. @returns sentences on what is not */
  async close(): Promise<string[]> {
    const held = this.#held();
    if (held > 0)
      this.#deps.send('notice', { level: 'info', message: `Leaving ${count(held, 'session')} first.` });
    const late = await Promise.all(
      [this.#own, this.#sample?.fleet].map((f) => f?.close(LEAVE_LIMIT_MS) ?? []),
    );
    this.#deps.passwords.clear();
    return late
      .flat()
      .map(
        (one) => `${one.name} on ${one.computerName} could not be left and stays in use until it idles out.`,
      );
  }

  readonly handlers: Handlers = {
    'fleet.watch': () => this.#begun.then(() => this.#watch()),
    'fleet.refresh': ({ computerIds }) => void this.#fleet.refresh(computerIds),
    'fleet.cancel': () => this.#fleet.cancel(),
    'computer.add': (request) => this.#add(request),
    'profile.edit': async (edit) => {
      this.#follow(await this.#deps.profiles.update((all) => applyEdit(all, edit)));
      const edited = edit.put.computers?.map(({ id }) => id) ?? [];
      if (edited.length > 0) void this.#own.refresh(edited);
    },
    'profile.undo': notYet,
    'profile.redo': notYet,
    'settings.change': notYet,
    'credential.add': notYet,
    'credential.rename': notYet,
    'credential.replace': notYet,
    'credential.delete': notYet,
    'credential.test': notYet,
    'session.whenFree': notYet,
    'session.notWhenFree': notYet,
    'audit.show': notYet,
    'menu.set': notYet,
    'certificate.pin': async ({ computerId, sha256 }) => {
      if (this.#own.untrustedCertificate(computerId) !== sha256) {
        throw new WinRMError('denied', 'This is not the certificate that the computer showed last.');
      }
      await this.#edit(computerId, (computer) => ({
        ...computer,
        options: { ...computer.options, pinnedCertificate: sha256 },
      }));
      void this.#fleet.refresh([computerId]);
    },
    'password.ask': ({ computerIds }) => this.#ask(computerIds),
    'session.commands': (key) => void this.#fleet.commands(key),
    'session.connect': (key) => this.#fleet.connect(key),
    'session.disconnect': ({ sessions }) =>
      this.#each(sessions, 'disconnected', (key) => this.#fleet.disconnect(key)),
    'session.remove': ({ sessions, force }) =>
      this.#each(sessions, 'removed', (key) => this.#fleet.remove(key, force)),
    'output.close': (key) => this.#fleet.held.close(key),
    'output.copy': (key) => this.#deps.copy(this.#fleet.held.text(key)),
    'sample.open': () => this.#openSample(),
    'sample.close': () => this.#closeSample(),
    'clipboard.copy': ({ text }) => this.#deps.copy(text),
  };

  get #fleet(): Fleet {
    return this.#sample?.fleet ?? this.#own;
  }

  /** Only the fleet that is looked at is heard. */
  #eventsOf(fleet: () => Fleet | undefined): FleetEvents {
    const ifShown: Send = (event, payload) => {
      if (this.#watched && this.#fleet === fleet()) this.#deps.send(event, payload);
    };
    return {
      changed: (changes) => ifShown('fleet.changed', changes),
      sweep: (sweep) => ifShown('sweep.changed', sweep),
      consoles: (consoles) => ifShown('consoles.changed', consoles),
      output: (batches) => ifShown('session.output', batches),
    };
  }

  #held(): number {
    const keys = this.#fleet.held.consoles();
    return keys.filter((key) => this.#fleet.held.isHeld(key)).length;
  }

  #watch(): void {
    this.#watched = true;
    this.#deps.send('profile.changed', {
      sample: this.#sample !== undefined,
      ...(this.#sample?.content ?? this.#content),
    });
    this.#fleet.snapshot(this.#eventsOf(() => this.#fleet));
    for (const notice of this.#early.splice(0)) this.#say(notice);
  }

  #follow({ content, notice }: { content: ProfileContent; notice?: string }): void {
    this.#content = content;
    this.#own.setComputers(content.computers.map((one) => resolveComputer(content, one, () => undefined)));
    if (this.#watched && !this.#sample) this.#deps.send('profile.changed', { sample: false, ...content });
    if (notice) this.#say({ level: 'error', message: notice });
  }

  async #add({ text, options, groupIds, signIn }: Request<'computer.add'>): Promise<void> {
    await this.#closeSample();
    const found = parseComputers(text).filter((entry) => 'computerName' in entry);
    const added: Computer[] = [];
    this.#follow(
      await this.#deps.profiles.update((all) => {
        added.length = 0;
        const known = new Set(all.computers.map(endpointKey));
        for (const entry of found) {
          const computer: Computer = {
            id: this.#deps.newId(),
            computerName: entry.computerName,
            options: { ...options, ...entry.options },
            groupIds,
            tags: [],
            ...(signIn && { signIn }),
          };
          if (!known.has(endpointKey(computer))) added.push(computer);
          known.add(endpointKey(computer));
        }
        return { ...all, computers: [...all.computers, ...added] };
      }),
    );
    if (added.length === 0) throw new WinRMError('invalid', 'All of these are in the list already.');
    const ids = added.map(({ id }) => id);
    await this.#own.refresh(ids); // shows them as waiting
    void this.#ask(ids).catch((error: unknown) => this.#tell(error));
  }

  async #edit(id: ComputerId, edit: (computer: Computer) => Computer): Promise<void> {
    this.#follow(
      await this.#deps.profiles.update((all) => ({
        ...all,
        computers: all.computers.map((one) => (one.id === id ? edit(one) : one)),
      })),
    );
  }

  /** One question for one account; the answer is for these computers. */
  async #ask(wanted: readonly ComputerId[]): Promise<void> {
    if (this.#asking) throw new WinRMError('invalid', 'A password is being asked for already.');
    this.#asking = true;
    try {
      const all = wanted.map((id) => this.#own.computer(id));
      const [username = ''] = all.flatMap((one) => one.username ?? []);
      // Never one account's password to a computer of another account.
      const computers = all.filter((one) => (one.username ?? username) === username);
      const ids = computers.map(({ id }) => id);
      const answer = await this.#deps.askPassword({
        computers: computers.map(({ computerName }) => computerName),
        username,
      });
      if (!answer) return;
      const asked = new Set(ids);
      const needsName = computers.some((one) => one.username !== answer.username);
      if (needsName) {
        const signIn = { kind: 'ask', username: answer.username } as const;
        const update = (all: ProfileContent): ProfileContent => ({
          ...all,
          computers: all.computers.map((one) => (asked.has(one.id) ? { ...one, signIn } : one)),
        });
        this.#follow(await this.#deps.profiles.update(update));
      }
      for (const id of ids) {
        this.#deps.passwords.set(id, answer.username, answer.password);
        this.#own.signedIn(id);
      }
      void this.#own.refresh(ids);
    } finally {
      this.#asking = false;
    }
  }

  /** Every one is tried; what failed is told, one sentence a session. */
  async #each(
    sessions: readonly SessionKey[],
    done: string,
    act: (key: SessionKey) => Promise<void>,
  ): Promise<void> {
    const failures: unknown[] = [];
    const limited = limiter(ACT_LIMIT);
    /** @returns whether the computer let the account in; until one did they are tried one by one */
    const attempt = (key: SessionKey) =>
      limited(() =>
        act(key).then(
          () => true,
          (error: unknown) => {
            failures.push(error);
            return provesSignIn(toErrorInfo(error));
          },
        ),
      );
    const accounts = byAccount(sessions, ({ computerId }) => this.#fleet.accountOf(computerId));
    await Promise.all(accounts.map((keys) => oneFirst(keys, attempt, later(FIRST_ANSWER_MS))));
    if (failures.length === 0) return;
    if (sessions.length === 1) throw failures[0];
    const error = toErrorInfo(failures[0]);
    const message = `${failures.length} of ${sessions.length} sessions were not ${done}: ${error.message}`;
    this.#deps.send('notice', { level: 'error', message, error });
  }

  async #openSample(): Promise<void> {
    if (this.#sample) return;
    const sample = await this.#deps.openSample();
    if (this.#sample) return; // asked for twice
    const fleet: Fleet = new Fleet({
      open: (computer) => sample.open(computer),
      taken: () => undefined,
      refused: () => [],
      emit: this.#eventsOf(() => fleet),
      now: this.#deps.now,
      gather: GATHER_MS,
    });
    const { content } = sample;
    fleet.setComputers(content.computers.map((one) => resolveComputer(content, one, () => undefined)));
    this.#sample = { fleet, content };
    if (this.#watched) this.#watch();
    void fleet.refresh().then(() => sample.stage(fleet));
  }

  async #closeSample(): Promise<void> {
    const sample = this.#sample;
    if (!sample) return;
    this.#sample = undefined;
    if (this.#watched) this.#watch();
    await sample.fleet.close(LEAVE_LIMIT_MS);
  }

  #say(notice: Notice): void {
    if (this.#watched) this.#deps.send('notice', notice);
    else this.#early.push(notice);
  }

  #tell(error: unknown): void {
    const info = toErrorInfo(error);
    this.#say({ level: 'error', message: info.message, error: info });
  }
}

const notYet = () => {
  throw new WinRMError('invalid', 'Not yet.');
};

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
