import type { Settings, SettingsChange } from '../shared/settings.ts';
import { isDeepStrictEqual } from 'node:util';
import type { SettingsContent, SettingsStore } from './store/settings.ts';

/** How long changes are gathered: a splitter that is dragged changes its size with every pixel. Milliseconds. */
const GATHER_MS = 300;

export interface AppSettingsDeps {
  readonly store: Pick<SettingsStore, 'load' | 'update' | 'watch'>;
  /** Applied at once, before it is kept. */
  readonly changed: (settings: Settings) => void;
  readonly failed: (error: unknown) => void;
}

/** What is remembered of how the app is looked at: said at once, kept a little later. */
export class AppSettings {
  readonly #deps: AppSettingsDeps;
  /** As the file last said. */
  #kept: SettingsContent = {};
  /** On its way into the file, oldest first. */
  #writing: readonly Partial<SettingsContent>[] = [];
  /** Not on its way yet. */
  #due: Partial<SettingsContent> = {};
  #timer: NodeJS.Timeout | undefined;
  /** A newer version's file is left alone, which was said: what is changed holds for this run. */
  #isNewer = false;

  constructor(deps: AppSettingsDeps) {
    this.#deps = deps;
  }

  get current(): Settings {
    return { version: 1, ...[...this.#writing, this.#due].reduce(merged, this.#kept) };
  }

  /** @returns a sentence where the file could not be read */
  async load(): Promise<string | undefined> {
    const { content, notice, isNewer = false } = await this.#deps.store.load();
    this.#isNewer = isNewer;
    if (!isNewer) this.#kept = content; // else what was known last still holds
    this.#deps.changed(this.current);
    return notice;
  }

  /** Follows what another app of this user writes. @returns a function that stops it */
  watch(): () => void {
    return this.#deps.store.watch(() => void this.load().catch(this.#deps.failed));
  }

  /** Where the window stands; the page has no use for it. */
  place(window: NonNullable<Settings['window']>): void {
    if (!isDeepStrictEqual(window, this.current.window)) this.#apply({ window });
  }

  change(change: SettingsChange): void {
    this.#apply(change);
    this.#deps.changed(this.current);
  }

  #apply(change: Partial<SettingsContent>): void {
    this.#due = merged(this.#due, change);
    this.#timer ??= setTimeout(() => void this.keep(), GATHER_MS).unref();
  }

  /** Writes what is not kept yet. What cannot be written is told, and tried again with the next change. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = this.#due;
    if (Object.keys(due).length === 0 || this.#isNewer) return;
    this.#due = {};
    this.#writing = [...this.#writing, due];
    try {
      const { content } = await this.#deps.store.update((before) => merged(before, due));
      this.#settle(due, () => (this.#kept = content));
    } catch (error) {
      this.#settle(due, () => (this.#due = merged(due, this.#due)));
      this.#deps.failed(error);
    }
  }

  /** Another app may have written, too: what that changed is no news to the file's watch. */
  #settle(written: Partial<SettingsContent>, take: () => void): void {
    const before = this.current;
    this.#writing = this.#writing.filter((one) => one !== written);
    take();
    if (!isDeepStrictEqual(before, this.current)) this.#deps.changed(this.current);
  }
}

/** The place that was looked at last comes last; those of groups that are gone are never looked at again. */
const MOST_TABLES = 500;
const lastOf = <T>(tables: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tables).slice(-MOST_TABLES));
const without = <T>(all: Readonly<Record<string, T>> = {}, those: object): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !(name in those)));

/** By name; sizes and tables are themselves collections of names. */
function merged<T extends Partial<SettingsContent>>(before: T, { ...change }: Partial<SettingsContent>): T {
  const { sizes, tables, ...rest } = change;
  return {
    ...before,
    ...rest,
    ...(sizes && { sizes: { ...before.sizes, ...sizes } }),
    ...(tables && { tables: lastOf({ ...without(before.tables, tables), ...tables }) }),
  };
}
