import type { EventName, Events } from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import type { Api } from './api.ts';
import { createAppStore } from './store.ts';

export const session = (name: string, availability: PSSession['availability'] = 'None'): PSSession => ({
  id: 1,
  name,
  computerName: 'web01',
  instanceId: name,
  state: 'Disconnected',
  availability,
  configurationName: 'Microsoft.PowerShell',
  shell: { shellId: name, owner: 'CONTOSO\\ann' },
});

export const fleet = { sample: false, groups: [], computers: [], views: [] };

/** What main answers by the hand of a test, and how it is told news. */
export function apiOf(invoke: () => Promise<unknown>) {
  const hearers = new Map<EventName, (payload: never) => void>();
  const api: Api = {
    platform: 'linux',
    invoke: invoke as never,
    on: (event, listener) => {
      hearers.set(event, listener as never);
      return () => undefined;
    },
  };
  const hear = <E extends EventName>(event: E, payload: Events[E]) => hearers.get(event)!(payload as never);
  return { api, hear };
}

/** A store that was told of a computer with two free sessions and one in use. */
export function setup<I extends () => Promise<unknown>>(invoke: I, watchConsole = () => () => false) {
  const { api, hear } = apiOf(invoke);
  const store = createAppStore(api, watchConsole);
  hear('profile.changed', {
    ...fleet,
    computers: [{ id: 'a', computerName: 'web01', groupIds: [], options: {}, tags: [] }],
  });
  hear('fleet.changed', [
    [
      'a',
      {
        kind: 'answered',
        last: { at: 0, sessions: [session('one'), session('two'), session('held', 'Busy')] },
      },
    ],
  ]);
  const chooseNames = (...names: string[]) =>
    store.getState().show({ selection: { selected: new Set(names.map((name) => `a/${name}`)) } });
  return { store, invoke, hear, chooseNames, state: () => store.getState() };
}
