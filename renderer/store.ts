import { createStore } from 'zustand/vanilla';
import type { ComputerId, ConnectionOptions } from '../shared/computer.ts';
import { EVENTS, keyOf } from '../shared/contract.ts';
import type { Command, EventName, Notice, Request, SessionKey } from '../shared/contract.ts';
import type { CertificateInfo, ErrorInfo } from '../shared/error.ts';
import { canConnect } from '../shared/session.ts';
import type { TableSettings } from '../shared/settings.ts';
import type { Api } from './api.ts';
import { EMPTY, FOLDS } from './fold.ts';
import type { Mirror } from './fold.ts';
import type { Place } from './place.ts';
import type { Row } from './rows.ts';
import { NOTHING } from './selection.ts';
import type { Selection } from './selection.ts';

export type Dialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly computerId: ComputerId }
  | { readonly kind: 'forget'; readonly computerId: ComputerId }
  | { readonly kind: 'remove'; readonly rows: readonly Row[]; readonly force: boolean }
  | { readonly kind: 'inUse'; readonly row: Row }
  | { readonly kind: 'pin'; readonly computerId: ComputerId; readonly certificate: CertificateInfo }
  | { readonly kind: 'saveView' };

/** What was typed into Add computers; Esc keeps it. */
export interface Draft {
  readonly text: string;
  readonly username: string;
  readonly options: ConnectionOptions;
}
export const NO_DRAFT: Draft = { text: '', username: '', options: {} };

/** Sizes of the panes that can be dragged; pixels. */
export interface Sizes {
  readonly tree: number;
  readonly details: number;
  readonly console: number;
}

interface View {
  readonly place: Place;
  readonly filter: string;
  readonly selection: Selection;
  readonly details: boolean;
  readonly console: string | undefined;
  readonly dialog: Dialog | undefined;
  readonly draft: Draft;
  readonly sizes: Sizes;
  /** How the tables were changed in this window, by place; what was kept before stands in the settings. */
  readonly tables: Readonly<Record<string, TableSettings>>;
  /** Groups of the table that were opened or closed. */
  readonly folds: ReadonlyMap<string, boolean>;
  /** By row: of what age the news was that was seen; epoch milliseconds. */
  readonly seen: ReadonlyMap<string, number>;
}

interface Verbs {
  /** Sets what only this window knows. */
  show(view: Partial<View>): void;
  /** Asks main; a refusal becomes the notice. Resolves to whether it was accepted. */
  ask<C extends Command>(command: C, request: Request<C>): Promise<boolean>;
  /** What a double-click on these rows means, by their badges. */
  open(rows: readonly Row[]): Promise<void>;
  dismissNotice(): void;
  /** Says something of this window's own above the page. */
  tell(notice: Notice): void;
}

export type AppState = Mirror & View & Verbs;
export type AppStore = ReturnType<typeof createAppStore>;

const FIRST_VIEW: View = {
  place: 'all',
  filter: '',
  selection: NOTHING,
  details: true,
  console: undefined,
  dialog: undefined,
  draft: NO_DRAFT,
  sizes: { tree: 252, details: 280, console: 320 },
  tables: {},
  folds: new Map(),
  seen: new Map(),
};

export function createAppStore(api: Api) {
  const store = createStore<AppState>()((set, get) => ({
    ...EMPTY,
    ...FIRST_VIEW,
    show: (view) => set(view),
    ask: async (command, request) => {
      try {
        await api.invoke(command, request);
        return true;
      } catch (refusal) {
        const error = refusal as ErrorInfo; // what the Api rejects with
        set({ notice: { level: 'error', message: error.message, error } });
        return false;
      }
    },
    open: (rows) => open(rows, get, set),
    dismissNotice: () => set({ notice: undefined }),
    tell: (notice) => set({ notice }),
  }));
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
      return fleetChanged ? { ...next, ...FIRST_VIEW, sizes: state.sizes, draft: state.draft } : next;
    }),
  );
}

async function open(
  rows: readonly Row[],
  get: () => AppState,
  set: (view: Partial<View>) => void,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const ready = rows.filter(({ session }) => canConnect(session));
  if (ready.length > 0) {
    const accepted = await Promise.all(
      ready.map(({ computerId, instanceId }) => get().ask('session.connect', { computerId, instanceId })),
    );
    const opened = ready.find((_, i) => accepted[i]);
    if (opened) set({ console: opened.key });
    return;
  }
  if (get().consoles.some((console) => keyOf(console) === first.key)) return set({ console: first.key });
  if (first.badge === 'inuse') return set({ dialog: { kind: 'inUse', row: first } });
  set({ details: true });
}

export const idsOf = ({ computerId, instanceId }: SessionKey): SessionKey => ({ computerId, instanceId });
