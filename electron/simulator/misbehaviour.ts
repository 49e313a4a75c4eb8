import type { Action } from '../winrm/wsman/request.ts';

/** How the simulated computer goes wrong when it is told to. */
export type Wrong =
  /** Answers, but only after so many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Breaks the connection without carrying the request out, or after it (then the answer is lost). */
  | { readonly kind: 'dropped'; readonly carriedOut: boolean }
  /** Something that is no SOAP. */
  | { readonly kind: 'garbage'; readonly text: string }
  /** A right answer with so many characters too much in it. */
  | { readonly kind: 'huge'; readonly length: number }
  /** The first half of the answer. */
  | { readonly kind: 'truncated' }
  /** An answer that relates to another request. */
  | { readonly kind: 'wrongRelatesTo' }
  /** An answer that names other shells and commands than asked for. */
  | { readonly kind: 'wrongId' }
  /** A fault by its number, see wsmerror.h. */
  | { readonly kind: 'fault'; readonly code: number };

export interface Misbehaviour {
  readonly wrong: Wrong;
  /** Only this action; all when absent. */
  readonly action?: Action;
  /** How often; for ever when absent. */
  readonly times?: number;
}

/** Rejects `receive` where a real computer breaks the connection. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
}

/** Which wrong comes next. */
export class Misbehaviours {
  #plans: Misbehaviour[] = [];

  plan(...plans: readonly Misbehaviour[]): void {
    this.#plans.push(...plans);
  }

  clear(): void {
    this.#plans = [];
  }

  /** The first plan that fits, and counts it down. */
  take(action: Action | undefined): Wrong | undefined {
    const at = this.#plans.findIndex((plan) => plan.action === undefined || plan.action === action);
    const plan = this.#plans[at];
    if (!plan) return undefined;
    const left = (plan.times ?? Number.POSITIVE_INFINITY) - 1;
    this.#plans.splice(at, 1, ...(left > 0 ? [{ ...plan, times: left }] : []));
    return plan.wrong;
  }
}

const GUID = /[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}/gi;

/** The answer after the wrong was done to it. */
export function spoil(wrong: Wrong | undefined, soap: string, newGuid: () => string): string {
  switch (wrong?.kind) {
    case 'garbage':
      return wrong.text;
    case 'huge':
      return soap.replace('<s:Body>', () => `<s:Body><padding>${'x'.repeat(wrong.length)}</padding>`);
    case 'truncated':
      return soap.slice(0, soap.length / 2);
    case 'wrongRelatesTo':
      return soap.replace(/(?<=<a:RelatesTo>)[^<]*/, () => `uuid:${newGuid()}`);
    case 'wrongId': {
      const [header = '', body = ''] = soap.split(/(?=<s:Body>)/);
      return header + body.replace(GUID, () => newGuid());
    }
    default:
      return soap;
  }
}
