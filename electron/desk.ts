import { noSampleInWords } from '../shared/act-words.ts';
import type { ComputerId, ProfileContent } from '../shared/computer.ts';
import type { ProfileEdit } from '../shared/profile-edit.ts';
import { applyEdit, patchBetween } from '../shared/apply-edit.ts';
import { count } from '../shared/figures.ts';
import { notLeftInWords } from '../shared/not-left.ts';
import type { NotLeft } from '../shared/not-left.ts';
import { AppSettings } from './app-settings.ts';
import type { DeskDeps } from './desk-deps.ts';
import { Diagnoses } from './diagnoses.ts';
import { THROTTLE_LIMIT } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { Handlers } from './requests.ts';
import type { LookedAfter } from './looked-after.ts';
import { OwnFleet } from './own-fleet.ts';
import { actsFirst, PageTalk } from './page-talk.ts';
import { onTopOf } from './on-top-of.ts';
import { trusted } from './profile-rules.ts';
import { lookAfterSample, refuseNewcomers } from './sample-fleet.ts';
import type { SampleFleet } from './sample-fleet.ts';
import { atMost, systemTimer } from './timer.ts';
import { refusedOnceClosing } from './while-closing.ts';
import { WinRMError } from './winrm/index.ts';

const GATHER_MS = 50;
/** The first frame waits no longer for the first answers; mostly its page is not ready before. */
const SOON_MS = 50;

/** What the window can ask for: the person's own computers, or the sample fleet in their place. */
export class Desk {
  readonly settings: AppSettings;
  readonly #deps: DeskDeps;
  readonly #page: PageTalk;
  readonly #own: OwnFleet;
  readonly #stop: (() => void)[] = [];
  readonly #diagnoses = new Diagnoses({
    changed: (computerId, diagnosis) => this.#page.ifWatched('diagnosis.changed', { computerId, diagnosis }),
    failed: (error) => this.#page.tell(error),
  });
  /** The sample fleet, while it is looked at. */
  #sample: SampleFleet | undefined;
  /** It is being opened: who asks for it meanwhile waits for the same one. */
  #opening: Promise<void> | undefined;
  /** The profile as the window knows it. */
  #told: { readonly of: LookedAfter; readonly content: ProfileContent } | undefined;
  /** The question to all with which what is shown began. */
  #swept: Promise<void> = Promise.resolve();
  #begin: () => void = () => undefined;
  /** Before it nobody knows what is to be shown. */
  readonly #begun = new Promise<void>((resolve) => (this.#begin = resolve));
  /** What whoever opens the app next is to be told, as it was kept last, or is being kept. */
  #words: readonly string[] = [];
  #keeping: Promise<void> = Promise.resolve();
  /** What could not be left while the desk closes. */
  #late: string[] | undefined;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#page = new PageTalk(deps.send);
    const told = this.#page.toldOf(() => this.#shown === this.#own.looked);
    this.#own = new OwnFleet({
      ...deps,
      ...told,
      act: (act) => {
        told.act(act);
        if (!this.#late) void this.#keepWords(this.#own.looked.acts.ifKilled);
      },
      fleet: this.#fleetDeps(),
      emit: this.#page.eventsOf(() => this.#shown === this.#own.looked),
      profileChanged: () => this.#ownChanged(),
      credentialsChanged: (shown) => this.#page.ifWatched('credentials.changed', shown),
      failed: this.#page.tell,
    });
    this.settings = new AppSettings({
      store: deps.settings,
      changed: (settings) => {
        deps.applySettings(settings);
        this.#own.looked.fleet.throttleLimit = settings.throttleLimit ?? THROTTLE_LIMIT;
        this.#page.ifWatched('settings.changed', settings);
      },
      failed: this.#page.tell,
    });
  }

  /** What the window shows first: the own computers, or the sample fleet. Whoever watches before waits for it. */
  async start({ sample = false } = {}): Promise<void> {
    const settings = this.#loadSettings();
    const own = sample ? this.#begun.then(() => this.#own.load()) : this.#own.load();
    try {
      await Promise.all([settings, sample ? this.#openSample() : own]);
      if (this.#late) return; // closed meanwhile
      if (!this.#sample) this.#swept = this.#own.looked.refresh();
      await atMost(SOON_MS, this.#swept, systemTimer);
    } finally {
      this.#begin();
    }
    await own;
    if (this.#late) return;
    if (sample && !this.#sample) void this.#own.looked.refresh(); // it was left before these were known
    this.#stop.push(...this.#own.watch(), this.settings.watch());
    for (const message of await this.#deps.lastWords.take()) this.#page.say({ level: 'info', message });
  }

  async #loadSettings(): Promise<void> {
    const message = await this.settings.load().catch(this.#page.tell);
    if (message) this.#page.say({ level: 'error', message });
  }

  /** Leaves all that is held, so that nothing stays in use by an app that is gone. @returns sentences on what is not */
  async close(): Promise<string[]> {
    for (const stop of this.#stop.splice(0)) stop();
    this.#diagnoses.stopAll();
    const alsoLate: string[] = (this.#late = []);
    const own = this.#own.looked;
    const first = [
      ...actsFirst(own.acts.shownAtClose),
      ...(this.#held() > 0 ? [`Leaving ${count(this.#held(), 'session')} first.`] : []),
    ];
    if (first.length > 0) this.#deps.send('notice', { level: 'info', message: first.join(' ') });
    const leaving = Promise.all([own, this.#sample?.looked].map((one) => one?.close() ?? []));
    void this.#keepWords(own.acts.unfinished); // the app may end before all have answered; of the sample fleet nothing is missed
    const [late] = await Promise.all([leaving, this.settings.keep()]);
    this.#own.clear();
    const { unfinished } = own.acts;
    const [unwritten] = await Promise.all([this.#deps.keepAudit(), this.#keepWords(unfinished)]);
    return [
      ...new Set([...late.flat().map((one) => notLeftInWords([one])), ...alsoLate]),
      ...unfinished,
      ...unwritten,
    ];
  }

  /** In the order asked. A terminal hears them in any case. */
  #keepWords(now: readonly string[]): Promise<void> {
    if (this.#words.join('\n') === now.join('\n')) return this.#keeping;
    this.#words = now;
    return (this.#keeping = this.#keeping.then(() => this.#deps.lastWords.keep(now)).catch(() => undefined));
  }

  /** A session that was being taken up may be held, and could not be left. */
  notLeft(session: NotLeft): void {
    if (this.#late) this.#late.push(notLeftInWords([session]));
    else this.#page.notLeft([session]);
  }

  /** Something beside what was asked for went wrong. */
  warn(message: string): void {
    if (this.#late) this.#late.push(message);
    else this.#page.say({ level: 'error', message });
  }

  /** What was done is not written down. While the desk closes, `keepAudit` has the last word. */
  auditTrouble(message: string): void {
    if (!this.#late) this.#page.say({ level: 'error', message, urgent: true });
  }

  /** The page's process is gone; what is said now is for the next one. */
  pageGone(): void {
    this.#page.pageGone();
  }

  /** As a second start wants it: that waits for no answer, so the window says why it is not opened. */
  async openSample(): Promise<void> {
    try {
      await this.handlers['sample.open']({});
    } catch (error) {
      this.#page.tell(error);
    }
  }

  readonly handlers: Handlers = refusedOnceClosing(() => this.#late !== undefined, {
    'fleet.watch': async () => {
      const { gone } = this.#page;
      await this.#begun;
      if (gone === this.#page.gone) this.#watch(); // else it is gone, and with it would be what is told once
    },
    'fleet.refresh': ({ computerIds }) => void this.#shown.refresh(computerIds),
    'fleet.cancel': () => (this.#sample ? this.#fleet.cancel() : this.#own.stopAsking()),
    'computer.add': (request) => this.#closeSample().then(() => this.#own.add(request)),
    'computer.diagnose': ({ computerId }) => this.#diagnose(computerId),
    'computer.stopDiagnosis': ({ computerId }) => this.#diagnoses.stop(computerId),
    'trace.record': ({ computerId, on }) => {
      this.#deps.traces.of(this.#own.looked.computer(computerId).id).switch(on);
      this.#page.ifWatched('traces.changed', this.#deps.traces.recording);
    },
    'trace.copy': ({ computerId }) =>
      this.#deps.copy(this.#deps.traces.of(this.#own.looked.computer(computerId).id).text()),
    'trace.save': ({ computerId }) =>
      this.#deps.saveText(this.#deps.traces.toSave(this.#own.looked.computer(computerId))),
    'profile.edit': (edit) => this.#edit(edit),
    'profile.undo': () => this.#shown.profile.undo(),
    'profile.redo': () => this.#shown.profile.redo(),
    'settings.change': (change) => this.settings.change(change),
    'credential.add': (request) => this.#own.addCredential(request),
    'credential.rename': (request) => this.#own.renameCredential(request),
    'credential.replace': (request) => this.#own.replaceCredential(request),
    'credential.delete': (request) => this.#own.deleteCredential(request),
    'credential.test': (request) => this.#own.testCredential(request),
    'certificate.pin': (request) => this.#own.pin(request),
    'redirection.allow': (request) => this.#own.allowRedirection(request),
    'password.ask': ({ computerIds }) => this.#own.ask(computerIds),
    'session.commands': (key) => void this.#fleet.commands(key),
    'session.connect': ({ sessions }) => this.#shown.acts.connect(sessions),
    'session.whenFree': (key) => this.#shown.whenFree.add(key),
    'session.notWhenFree': (key) => this.#shown.whenFree.remove(key),
    'session.disconnect': ({ sessions }) => this.#shown.acts.disconnect(sessions),
    'session.remove': ({ sessions }) => this.#shown.acts.remove(sessions),
    'acts.stop': ({ actId }) => this.#shown.acts.stop(actId),
    'output.close': (key) => this.#fleet.held.close(key),
    'output.copy': (key) => this.#deps.copy(this.#fleet.held.text(key)),
    'sample.open': () => this.#openSample(),
    'sample.close': () => this.#closeSample(),
    'clipboard.copy': ({ text }) => this.#deps.copy(text),
    'audit.show': () => this.#deps.showAudit(),
    'menu.set': ({ menus }) => this.#deps.setMenu(menus),
  });

  get #shown(): LookedAfter {
    return this.#sample?.looked ?? this.#own.looked;
  }

  get #fleet(): Fleet {
    return this.#shown.fleet;
  }

  #fleetDeps(audit: DeskDeps['audit'] = this.#deps.audit) {
    return { now: this.#deps.now, audit, gather: GATHER_MS, timer: systemTimer };
  }

  #held(): number {
    const { held } = this.#fleet;
    return held.consoles().filter((key) => held.isHeld(key)).length;
  }

  #watch(): void {
    this.#page.begin();
    this.#deps.send('settings.changed', this.settings.current);
    this.#told = undefined;
    this.#showProfile(this.#shown);
    // Finding out about vaults takes a while, which nobody is to wait for.
    systemTimer(0, () => {
      void this.#own.credentials().then((shown) => this.#page.ifWatched('credentials.changed', shown));
    });
    this.#fleet.snapshot(this.#page.eventsOf(() => true));
    this.#shown.tellPlans();
    this.#deps.send('traces.changed', this.#deps.traces.recording);
    this.#page.sayEarly();
    this.#deps.send('fleet.told', {});
  }

  #ownChanged(): void {
    const { traces } = this.#deps;
    if (traces.follow(this.#own.looked.content.computers))
      this.#page.ifWatched('traces.changed', traces.recording);
    this.#showProfile(this.#own.looked);
  }

  #showProfile(of: LookedAfter): void {
    if (of !== this.#shown || !this.#page.isWatched) return;
    const { content, steps } = of.profile;
    const patch = this.#told?.of === of ? patchBetween(this.#told.content, content) : undefined;
    this.#told = { of, content };
    if (patch) this.#deps.send('profile.patched', { ...patch, ...steps });
    else this.#deps.send('profile.changed', { sample: this.#sample !== undefined, ...content, ...steps });
  }

  async #edit({ label, put, from, remove }: ProfileEdit): Promise<void> {
    const edit = JSON.parse(JSON.stringify({ label, put, from, remove })) as ProfileEdit; // no member is undefined
    await this.#shown.profile.edit(label, (before) => {
      const after = trusted(before, applyEdit(before, onTopOf(before, edit)));
      if (this.#sample) refuseNewcomers(before, after);
      return after;
    });
  }

  #diagnose(computerId: ComputerId): void {
    const sample = this.#sample;
    const computer = this.#shown.computer(computerId); // throws for one that nobody knows
    this.#diagnoses.start(computerId, (changed, signal) =>
      sample
        ? sample.source.diagnose(computer, { changed, signal })
        : this.#own.diagnose(computerId, changed, signal),
    );
  }

  async #openSample(): Promise<void> {
    if (this.#sample) return;
    await (this.#opening ??= this.#takeSample().finally(() => (this.#opening = undefined)));
  }

  async #takeSample(): Promise<void> {
    this.#refuseWhileActing();
    const source = await this.#deps.openSample();
    const looked: LookedAfter = lookAfterSample(source, {
      ...this.#page.toldOf(() => this.#shown === looked),
      fleet: { ...this.#fleetDeps(() => undefined), emit: this.#page.eventsOf(() => this.#shown === looked) }, // nothing is done to anybody
      changed: () => this.#showProfile(looked),
    });
    try {
      await looked.quietly((profile) => profile.load());
      this.#refuseWhileActing(); // one may have begun meanwhile
    } catch (error) {
      await looked.close();
      throw error;
    }
    if (this.#late) return void (await looked.close()); // closed meanwhile
    this.#diagnoses.stopAll();
    this.#sample = { looked, source };
    this.#own.stopAsking(); // while the sample is shown, nothing is sent
    if (this.#page.isWatched) this.#watch();
    this.#swept = looked.fleet.refresh();
    void source.stage(looked.fleet, this.#swept);
  }

  /** It would go on where nobody sees it, nor could stop it. */
  #refuseWhileActing(): void {
    const acts = this.#own.looked.acts.running;
    if (acts.length > 0) throw new WinRMError('invalid', noSampleInWords(acts));
  }

  async #closeSample(): Promise<void> {
    await this.#opening?.catch(() => undefined); // who opens it is told
    const sample = this.#sample;
    if (!sample) return;
    this.#diagnoses.stopAll();
    this.#sample = undefined;
    if (this.#page.isWatched) this.#watch();
    void this.#own.looked.refresh(undefined, { unasked: true });
    await sample.looked.close();
  }
}
