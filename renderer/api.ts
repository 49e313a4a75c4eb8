import type { Command, EventName, Events, Request, Response, Result } from '../shared/contract.ts';

/** The contract as the renderer uses it: a failed command rejects with an ErrorInfo. */
export interface Api {
  readonly platform: string;
  invoke<C extends Command>(command: C, request: Request<C>): Promise<Response<C>>;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
}

/** What the preload exposes; untyped because it has crossed a process. */
export interface Bridge {
  readonly platform: string;
  invoke(command: string, request: unknown): Promise<unknown>;
  /** @param listener gets the payload as JSON */
  on(event: string, listener: (payload: string) => void): () => void;
}

/** The only place where the wire's unknown becomes the contract's types. */
export function toApi(bridge: Bridge): Api {
  return {
    platform: bridge.platform,
    invoke: async <C extends Command>(command: C, request: Request<C>) => {
      const result = (await bridge.invoke(command, request)) as Result<Response<C>>;
      if (!result.ok) throw result.error;
      return result.value;
    },
    on: (event, listener) =>
      bridge.on(event, (payload) => listener(JSON.parse(payload) as Events[typeof event])),
  };
}

/** What main says may wait: nothing is drawn again before the first frame is on the screen. */
export function holding(api: Api): { api: Api; hold: () => void; letGo: () => void } {
  let held: (() => void)[] | undefined;
  const on: Api['on'] = (event, listener) =>
    api.on(event, (payload) => (held ? void held.push(() => listener(payload)) : listener(payload)));
  const letGo = () => {
    const waiting = held ?? [];
    held = undefined;
    for (const tell of waiting)
      try {
        tell();
      } catch (error) {
        reportError(error); // as it would be alone; the others are to be told all the same
      }
  };
  return { api: { ...api, on }, hold: () => void (held ??= []), letGo };
}
