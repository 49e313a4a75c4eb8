import { isDeepStrictEqual } from 'node:util';
import type { ProfileContent } from '../shared/computer.ts';
import type { ProfileShown } from '../shared/contract.ts';
import { applyEdit, editBetween, inOrderOf, orderOf } from '../shared/apply-edit.ts';
import type { Order } from '../shared/apply-edit.ts';
import type { ProfileEdit } from '../shared/profile-edit.ts';
import { tidied, withoutDangling } from './profile-rules.ts';
import { NOTHING } from './store/profiles.ts';
import type { ProfileStore } from './store/profiles.ts';
import type { Loaded } from './store/versioned-file.ts';
import { WinRMError } from './winrm/index.ts';

const KINDS = ['groups', 'computers', 'views'] as const;
/** As many edits as can be taken back. */
const MOST_STEPS = 200;
/** Together they may hold as many groups, computers and views: an edit of thousands is kept whole, in both directions. */
const MOST_HELD = 100_000;

/** An edit in both directions. */
interface Step {
  readonly label: string;
  readonly forth: ProfileEdit;
  readonly back: ProfileEdit;
  /** Where stood what it removed. */
  readonly order: Order;
}

export interface LiveProfileDeps {
  readonly store: Pick<ProfileStore, 'load' | 'update' | 'watch'>;
  readonly changed: (content: ProfileContent) => void;
  /** Something about the file that the person should know. */
  readonly notice: (sentence: string) => void;
  readonly isCredentialDeleted: (credentialId: string) => boolean;
}

/**
 * Groups, computers and views, as they stand in the store. Every edit works on what stands there by then,
 * and can be taken back unless another process changed the same things meanwhile.
 */
export class LiveProfile {
  readonly #deps: LiveProfileDeps;
  #content: ProfileContent = NOTHING;
  #done: Step[] = [];
  #undone: Step[] = [];
  /** The last that was dropped from either since an edit was put there. */
  #lost: { readonly undo?: string; readonly redo?: string } = {};
  #turn: Promise<unknown> = Promise.resolve();
  /** What the file's last reading was told with: while it stays the same it is not told again. */
  #told: string | undefined;

  constructor(deps: LiveProfileDeps) {
    this.#deps = deps;
  }

  get content(): ProfileContent {
    return this.#content;
  }

  /** What an undo or a redo would do; where there is none because others changed the same meanwhile, what it was of. */
  get steps(): Pick<ProfileShown, 'undo' | 'redo' | 'lostUndo' | 'lostRedo'> {
    const [undo, redo] = [this.#done.at(-1), this.#undone.at(-1)];
    const { undo: lostUndo, redo: lostRedo } = this.#lost;
    return {
      ...(undo ? { undo: undo.label } : lostUndo !== undefined && { lostUndo }),
      ...(redo ? { redo: redo.label } : lostRedo !== undefined && { lostRedo }),
    };
  }

  /** In turn: beside an undo it would judge the steps by what the file held before. @throws WinRMError as the store */
  load(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  async #load(): Promise<void> {
    const { isNewer, ...loaded } = await this.#deps.store.load();
    // What a newer version wrote there is not known: what was known last stays.
    const content = isNewer ? this.#content : loaded.content;
    this.#forgetForeign(content);
    this.#follow({ ...loaded, content });
  }

  /** What another process changed since cannot be taken back: it is not offered, nor stands before what can. */
  #forgetForeign(now: ProfileContent): void {
    const isTrue = (last: ProfileEdit | undefined) =>
      last === undefined || stands(now, last, this.#deps.isCredentialDeleted);
    const [undo, redo] = [this.#done.at(-1), this.#undone.at(-1)];
    while (!isTrue(this.#done.at(-1)?.forth)) this.#done.pop();
    while (!isTrue(this.#undone.at(-1)?.back)) this.#undone.pop();
    // The newest is what is looked for in vain.
    if (undo !== this.#done.at(-1)) this.#lost = { undo: undo!.label, ...this.#lost };
    if (redo !== this.#undone.at(-1)) this.#lost = { redo: redo!.label, ...this.#lost };
  }

  /** Follows what other processes write. @returns a function that stops it */
  watch(failed: (error: unknown) => void): () => void {
    return this.#deps.store.watch(() => void this.load().catch(failed));
  }

  /**
   * @param change what is done to what stands in the file by then
   * @throws WinRMError as the rules and the store; then nothing is saved
   */
  edit(label: string, change: (content: ProfileContent) => ProfileContent): Promise<void> {
    return this.#inTurn(() => this.#edit(label, change));
  }

  async #edit(label: string, change: (content: ProfileContent) => ProfileContent): Promise<void> {
    let step: Step | undefined;
    const updating = this.#deps.store.update((before) => {
      const after = tidied(change(before), this.#deps.isCredentialDeleted);
      const forth = editBetween(before, after, label);
      step = { label, forth, back: editBetween(after, before, label), order: orderOf(before, forth) };
      return isEmpty(step.forth) ? before : after;
    });
    const loaded = await updating.catch((error: unknown) => {
      // What it is refused for may be what another process wrote, which the store has read by now and tells no more.
      void this.load().catch(() => undefined);
      throw error;
    });
    if (step && !isEmpty(step.forth)) {
      this.#done = newest([...this.#done, step]);
      this.#undone = [];
      this.#lost = {};
    }
    this.#follow(loaded);
    this.#told = undefined; // it stands in the file now, whole
  }

  /** @throws WinRMError 'invalid' when there is nothing to take back, or others changed it meanwhile */
  undo(): Promise<string> {
    return this.#inTurn(() => this.#undo());
  }

  async #undo(): Promise<string> {
    const step = this.#done.at(-1);
    if (!step) throw new WinRMError('invalid', 'There is nothing to undo.');
    await this.#take(step, 'undo', this.#done);
    this.#undone.push(step);
    this.#keepLost('undo');
    this.#forgetForeign(this.#content);
    this.#deps.changed(this.#content);
    return step.label;
  }

  redo(): Promise<string> {
    return this.#inTurn(() => this.#redo());
  }

  /** One after another: what an undo would take back is known only when the edit before it has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }

  async #redo(): Promise<string> {
    const step = this.#undone.at(-1);
    if (!step) throw new WinRMError('invalid', 'There is nothing to redo.');
    await this.#take(step, 'redo', this.#undone);
    this.#done.push(step);
    this.#keepLost('redo');
    this.#forgetForeign(this.#content);
    this.#deps.changed(this.#content);
    return step.label;
  }

  /** @param steps of which it is the last, until it is taken or can never be */
  async #take({ label, order, forth, back }: Step, how: 'undo' | 'redo', steps: Step[]): Promise<void> {
    const { store, isCredentialDeleted } = this.#deps;
    const [edit, last] = how === 'undo' ? [back, forth] : [forth, back];
    let isForeign = false;
    try {
      const loaded = await store.update((now) => {
        isForeign = !stands(now, last, isCredentialDeleted);
        if (isForeign)
          throw new WinRMError(
            'invalid',
            `“${label}” is not ${how === 'undo' ? 'undone' : 'redone'}: the same was changed elsewhere meanwhile.`,
          );
        return tidied(inOrderOf(applyEdit(now, edit), edit, order), isCredentialDeleted);
      });
      steps.pop();
      this.#content = loaded.content;
      this.#tell(loaded.notice);
      this.#told = undefined;
    } catch (error) {
      if (isForeign) {
        steps.pop(); // what can never be taken back does not stand before what can
        this.#lost = { ...this.#lost, [how]: label };
        await this.#load().catch(() => undefined);
      }
      throw error;
    }
  }

  /** Once the other of both has something, nothing is lost from it. */
  #keepLost(which: 'undo' | 'redo'): void {
    const label = this.#lost[which];
    this.#lost = label === undefined ? {} : { [which]: label };
  }

  #follow({ content, notice }: Loaded<ProfileContent>): void {
    this.#content = content;
    this.#deps.changed(content);
    this.#tell(notice);
  }

  #tell(notice: string | undefined): void {
    if (notice !== undefined && notice !== this.#told) this.#deps.notice(notice);
    this.#told = notice;
  }
}

/** As many of the last steps as are kept; the last one always is. */
function newest(steps: readonly Step[]): Step[] {
  let held = 0;
  let from = steps.length;
  while (from > 0 && steps.length - from < MOST_STEPS) {
    held += sizeOf(steps[from - 1]!);
    if (held > MOST_HELD && from < steps.length) break;
    from--;
  }
  return steps.slice(from);
}

const sizeOf = ({ forth, back }: Step): number =>
  [forth, back].reduce((sum, { put }) => sum + KINDS.reduce((n, kind) => n + (put[kind]?.length ?? 0), 0), 0);

const isEmpty = ({ put, remove }: ProfileEdit): boolean =>
  KINDS.every((kind) => !put[kind]?.length && !remove[kind]?.length);

/** Whether what the edit left is still as it left it; a group or credential that went since took its mention along. */
function stands(
  now: ProfileContent,
  { put, remove }: ProfileEdit,
  isDeleted: (id: string) => boolean,
): boolean {
  const { groups = [], computers = [], views = [] } = put;
  const there = new Set(now.groups.map(({ id }) => id));
  const left = withoutDangling({ groups, computers, views }, there, isDeleted);
  return KINDS.every((kind) => {
    const found = new Map<string, unknown>(now[kind].map((one) => [one.id, one]));
    const isSame = (one: { readonly id: string }) => isDeepStrictEqual(found.get(one.id), one);
    return left[kind].every(isSame) && (remove[kind] ?? []).every((id) => !found.has(id));
  });
}
