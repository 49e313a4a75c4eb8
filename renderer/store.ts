import { createStore } from 'zustand/vanilla';
import type { ComputerId, GroupId } from '../shared/computer.ts';
import { idsOf, keyOf } from '../shared/contract.ts';
import { EVENTS } from '../shared/contract-names.ts';
import type { Command, EventName, Request, Response, Result } from '../shared/contract.ts';
import type { CredentialId } from '../shared/credential.ts';
import type { CertificateInfo, ErrorInfo } from '../shared/error.ts';
import { canConnect } from '../shared/session.ts';
import type { TableSettings } from '../shared/settings.ts';
import type { Api } from './api.ts';
import { NO_CHANGES } from './bulk-edit.ts';
import type { Changes } from './bulk-edit.ts';
import { EMPTY, FOLDS } from './fold.ts';
import type { Mirror } from './fold.ts';
import { inParts } from './in-parts.ts';
import { seeing } from './marks.ts';
import type { MenuRegion } from './menus.ts';
import { shownOf, withNotice, withoutFilter, withoutRefusals } from './notices.ts';
import type { SaidNotice } from './notices.ts';
import { asking, FIRST_ROUND, hearing, refused } from './own-rounds.ts';
import type { OwnRounds } from './own-rounds.ts';
import type { Place } from './place.ts';
import { edited, takenBack } from './profile-changes.ts';
import type { LastEdit, ProfileChange } from './profile-changes.ts';
import { restored } from './remembered.ts';
import type { Row } from './rows.ts';
import { doneInWords, NOTHING_DONE, saidNext, sessionMeant } from './said-done.ts';
import type { SaidDone } from './said-done.ts';
import { NOTHING } from './selection.ts';
import type { Selection } from './selection.ts';
import type { Openable } from './tree-items.ts';

export type Dialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly computerIds: readonly ComputerId[] }
  | { readonly kind: 'editGroup'; readonly groupId: GroupId }
  | { readonly kind: 'forget'; readonly change: ProfileChange }
  | { readonly kind: 'newGroup'; readonly parentId?: GroupId | undefined }
  | ChooseGroup
  | { readonly kind: 'newCredential' }
  | {
      readonly kind: 'renameCredential' | 'assignCredential' | 'testCredential' | 'deleteCredential';
      readonly credentialId: CredentialId;
    }
  | { readonly kind: 'remove'; readonly keys: readonly string[]; readonly force: boolean }
  | { readonly kind: 'actFailures'; readonly actId: number }
  | { readonly kind: 'inUse'; readonly row: Row }
  | { readonly kind: 'pin'; readonly computerId: ComputerId; readonly certificate: CertificateInfo }
  | { readonly kind: 'redirect'; readonly computerId: ComputerId; readonly place: string }
  /** `typed`: what was typed before it stood there. */
  | { readonly kind: 'palette'; readonly typed?: string }
  | { readonly kind: 'shortcuts' | 'settings' | 'saveView' };

/** Where these shall stand: instead of where they stand, or besides. */
export interface ChooseGroup {
  readonly kind: 'chooseGroup';
  readonly how: 'move' | 'add';
  readonly computerIds: readonly ComputerId[];
  readonly groupIds: readonly GroupId[];
  readonly from?: GroupId | undefined;
}

/** Where in the window a menu was asked for; pixels. */
export interface ContextMenu {
  readonly region: MenuRegion;
  readonly x: number;
  readonly y: number;
}

/** What was typed into Add computers; Esc keeps it. */
export interface Draft {
  /** Read already, and shown as chips. */
  readonly words: readonly string[];
  /** Behind them, still being typed. */
  readonly typing: string;
  readonly groupId?: GroupId | undefined;
  readonly changes: Changes;
}
export const NO_DRAFT: Draft = { words: [], typing: '', changes: NO_CHANGES };

/** What was changed in an edit dialog and not saved; Esc keeps it for when the same are edited again. */
export interface EditDraft {
  readonly of: string;
  readonly changes: Changes;
}

/** Sizes of the panes that can be dragged; pixels. */
export interface Sizes {
  readonly tree: number;
  readonly details: number;
  readonly console: number;
}

interface View {
  readonly place: Place;
  /** The lines of the tree that are meant, by key. */
  readonly tree: Selection;
  readonly treeOpen: boolean;
  readonly expanded: ReadonlySet<Openable>;
  /** The line of the tree whose name is being typed. */
  readonly renaming: string | undefined;
  readonly filter: string;
  readonly selection: Selection;
  readonly details: boolean;
  /** The window is so narrow that Details lies over the table. */
  readonly isNarrow: boolean;
  readonly console: string | undefined;
  readonly credentialId: CredentialId | undefined;
  /** Whose diagnostics stand beside the computers that failed. */
  readonly diagnosedId: ComputerId | undefined;
  readonly dialog: Dialog | undefined;
  readonly contextMenu: ContextMenu | undefined;
  readonly draft: Draft;
  readonly editDraft: EditDraft | undefined;
  readonly done: SaidDone;
  /** What was done to groups, computers and views last, or taken back. */
  readonly lastEdit: LastEdit | undefined;
  readonly sizes: Sizes;
  /** Whether what the settings remember was brought back for the fleet that is shown. */
  readonly isRestored: boolean;
  /** How the tables were changed in this window, by place; what was kept before stands in the settings. */
  readonly tables: Readonly<Record<string, TableSettings>>;
  /** Groups of the table that were opened or closed. */
  readonly folds: ReadonlyMap<string, boolean>;
  /** By row: of what age the news was that was seen; epoch milliseconds. */
  readonly seen: ReadonlyMap<string, number>;
  readonly rounds: OwnRounds;
}

interface Verbs {
  /** Sets what only this window knows. */
  show(view: Partial<View>): void;
  /** Asks main; a refusal becomes the notice. Resolves to whether it was accepted. */
  ask<C extends Command>(command: C, request: Request<C>): Promise<boolean>;
  /** Asks main, for a dialog that shows the refusal itself. Resolves to that. */
  attempt<C extends Command>(command: C, request: Request<C>): Promise<ErrorInfo | undefined>;
  /** Takes back the last edit, or does again what was taken back, and says which it was. */
  takeBack(how: 'undo' | 'redo'): Promise<void>;
  /** Edits groups, computers or views, and says so with an Undo. */
  edit(change: ProfileChange): Promise<boolean>;
  /** The same, for a dialog that shows the refusal itself. Resolves to that. */
  attemptEdit(change: ProfileChange): Promise<ErrorInfo | undefined>;
  /** What a double-click on these rows means, by their badges; in the background their consoles stay where they are. */
  open(rows: readonly Row[], how?: { background?: boolean }): Promise<void>;
  /** Takes away a notice, the newest unless one is named; where there is none, what was said of the last edit. */
  dismissNotice(notice?: SaidNotice): void;
  /** After a fault while it was drawn: the first view again, for whatever could not be drawn may stand in this one. */
  startOver(): void;
  /** Says something of this window's own above the page. */
  tell(notice: SaidNotice): void;
}

export type AppState = Mirror & View & Verbs;
export type AppStore = ReturnType<typeof createAppStore>;

const FIRST_VIEW: View = {
  place: 'all',
  tree: NOTHING,
  treeOpen: true,
  expanded: new Set(),
  renaming: undefined,
  filter: '',
  selection: NOTHING,
  details: true,
  isNarrow: false,
  console: undefined,
  credentialId: undefined,
  diagnosedId: undefined,
  dialog: undefined,
  contextMenu: undefined,
  draft: NO_DRAFT,
  editDraft: undefined,
  done: NOTHING_DONE,
  lastEdit: undefined,
  sizes: { tree: 252, details: 280, console: 320 },
  isRestored: false,
  tables: {},
  folds: new Map(),
  seen: new Map(),
  rounds: FIRST_ROUND,
};

/** What another fleet leaves as it is. */
const lasting = ({ sizes, draft, treeOpen, details, isNarrow }: View): Partial<View> => ({
  sizes,
  draft,
  treeOpen,
  details,
  isNarrow,
});

/** @param watchConsole see panes.ts */
export function createAppStore(api: Api, watchConsole: () => () => boolean = () => () => false) {
  const fronts: Fronts = { asked: 0, shown: 0, key: undefined };
  const store = createStore<AppState>()((set, get) => ({
    ...EMPTY,
    ...FIRST_VIEW,
    show: (view) =>
      set(({ notices, filter }) => ({ ...view, notices: withoutFilter(notices, view.filter ?? filter) })),
    attempt: async (command, request) => {
      const answer = await call(command, request);
      return answer.ok ? undefined : answer.error;
    },
    ask: async (command, request) => {
      const meant = sessionMeant(get(), command, request);
      const answer = await call(command, request);
      if (!answer.ok) tellRefusal(answer.error, [command, request], meant);
      const text = answer.ok && doneInWords(command, meant, answer.value);
      if (text) set(({ done }) => ({ done: saidNext(done, text) }));
      return answer.ok;
    },
    attemptEdit: async (change) => {
      const refusal = await get().attempt('profile.edit', change.edit);
      if (!refusal) set({ lastEdit: edited(change) });
      return refusal;
    },
    edit: async (change) => {
      const accepted = await get().ask('profile.edit', change.edit);
      if (accepted) set({ lastEdit: edited(change) });
      return accepted;
    },
    takeBack: async (how) => {
      const answer = await call(`profile.${how}`, {});
      if (answer.ok) set({ lastEdit: takenBack(how, answer.value) });
      else tellRefusal(answer.error, [`profile.${how}`, {}]);
    },
    open: (rows, how) => open(rows, { get, set, watchConsole, fronts }, how),
    dismissNotice: (notice) =>
      set(({ notices }) => {
        const gone = notice ?? shownOf(notices).at(-1);
        return gone ? { notices: notices.filter((one) => one !== gone) } : { lastEdit: undefined };
      }),
    startOver: () =>
      set((state) => ({ ...FIRST_VIEW, ...lasting(state), isRestored: true, expanded: state.expanded })),
    tell: (notice) => set(({ notices }) => ({ notices: withNotice(notices, notice) })),
  }));

  async function call<C extends Command>(command: C, request: Request<C>): Promise<Result<Response<C>>> {
    const { getState: get, setState: set } = store;
    const rounds = asking(get().rounds, command);
    if (rounds !== get().rounds) set({ rounds });
    try {
      const value = await api.invoke(command, request);
      set(({ notices }) => ({ notices: withoutRefusals(notices, [command, request]) }));
      return { ok: true, value };
    } catch (refusal) {
      set((state) => ({ rounds: refused(state.rounds, command) }));
      return { ok: false, error: refusal as ErrorInfo }; // what the Api rejects with
    }
  }

  function tellRefusal(error: ErrorInfo, refused: readonly [Command, unknown], meant?: string): void {
    const isNamed = meant === undefined || error.message.includes(meant);
    const message = isNamed ? error.message : `${meant}: ${error.message}`;
    store.getState().tell({ level: 'error', message, error, refused });
  }

  for (const event of Object.keys(EVENTS) as EventName[]) listen(api, event, store);
  return store;
}

/** The one way in for all that main says. */
function listen<E extends EventName>(
  api: Api,
  event: E,
  { setState }: { setState: (change: (state: AppState) => Partial<AppState>) => void },
): void {
  api.on(event, (payload) =>
    setState((state) => {
      const next = FOLDS[event](state, payload);
      const fleetChanged = state.profile && state.profile.sample !== next.profile?.sample;
      const isNews = next.marks.fresh !== state.marks.fresh;
      const seen = isNews ? seeing(next.marks, state.seen, []) : state.seen;
      const rounds = hearing(state.rounds, state.sweep, next.sweep);
      const view = fleetChanged ? { ...FIRST_VIEW, ...lasting(state) } : { seen, rounds };
      return { ...next, ...view, ...restored({ ...state, ...next, ...view }) };
    }),
  );
}

interface OpenDeps {
  readonly get: () => AppState;
  readonly set: (view: Partial<View>) => void;
  readonly watchConsole: () => () => boolean;
  readonly fronts: Fronts;
}

/** What was brought to the front because it was opened: of several in turn the last counts, whichever is there first. */
interface Fronts {
  asked: number;
  /** The number of the one that came to the front last, and its key. */
  shown: number;
  key: string | undefined;
}

async function open(
  rows: readonly Row[],
  { get, set, watchConsole, fronts }: OpenDeps,
  { background = false } = {},
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const ready = rows.filter(({ session }) => canConnect(session));
  if (ready.length > 0) {
    const { console: before, profile } = get();
    const asked = ++fronts.asked;
    const isWorkedIn = watchConsole();
    // All at once: main takes them for one act, which ends, or is stopped, as one.
    const parts = inParts(ready.map(idsOf)).map((sessions) => get().ask('session.connect', { sessions }));
    const accepted = await Promise.all(parts);
    if (background || accepted.includes(false)) return;
    // Meanwhile another came to the front, or went, or is worked in: keys that are meant for it must not fall to this one.
    const { console: now } = get();
    const isOther = (now !== before && now !== fronts.key) || get().profile?.sample !== profile?.sample;
    const shown = new Set(get().consoles.map(keyOf));
    // Of many, all may have failed; of one the answer says that it was taken up.
    const opened = ready.find(({ key }) => shown.has(key)) ?? (ready.length === 1 ? ready[0] : undefined);
    if (!opened || isOther || asked < fronts.shown || (opened.key !== now && isWorkedIn())) return;
    Object.assign(fronts, { shown: asked, key: opened.key });
    set({ console: opened.key });
    return;
  }
  if (get().consoles.some((console) => keyOf(console) === first.key)) return set({ console: first.key });
  if (first.badge === 'inuse') return set({ dialog: { kind: 'inUse', row: first } });
  set({ details: true });
}
