import type { ComputerId } from '../shared/computer.ts';
import type { CredentialId, CredentialInfo } from '../shared/credential.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { isAskedAlike } from './asked-alike.ts';
import { WinRMError } from './winrm/index.ts';

/** What a password is asked for: for these computers, and for a credential or for one that is yet to be saved. */
export interface AskedFor {
  readonly computers: readonly ResolvedComputer[];
  /** By the name that stands in the window. */
  readonly credential?: { readonly name: string; readonly id?: CredentialId } | undefined;
}

export interface OpenQuestionDeps {
  /** As it is by now; undefined for one that is not looked after any more. */
  readonly find: (id: ComputerId) => ResolvedComputer | undefined;
  /** As it is by now; undefined for one that is not there. */
  readonly credential: (id: CredentialId) => Pick<CredentialInfo, 'name' | 'changedOn'> | undefined;
  readonly isNameTaken: (name: string) => boolean;
  /** Whether it can be asked without an answer by now. */
  readonly isServed: (computer: ResolvedComputer) => boolean;
}

/** A password window that is open: it closes once nobody waits for its answer any more. */
export class OpenQuestion {
  readonly #of: AskedFor;
  readonly #deps: OpenQuestionDeps;
  /** When its password was changed last by then. */
  readonly #changedOn: number | undefined;
  readonly #wasNameTaken: boolean;
  /** As the computers were then, those of them that are looked after. */
  readonly #before: ReadonlyMap<
    ComputerId,
    { readonly computer: ResolvedComputer; readonly served: boolean }
  >;
  readonly #over = new AbortController();
  /** Why it is over, where whoever looks at it could not know. */
  #why: string | undefined;

  constructor(of: AskedFor, deps: OpenQuestionDeps) {
    this.#of = of;
    this.#deps = deps;
    const { id, name } = of.credential ?? {};
    this.#changedOn = id === undefined ? undefined : deps.credential(id)?.changedOn;
    this.#wasNameTaken = name !== undefined && deps.isNameTaken(name);
    const before = of.computers.flatMap(({ id }) => deps.find(id) ?? []);
    this.#before = new Map(
      before.map((computer) => [computer.id, { computer, served: deps.isServed(computer) }]),
    );
  }

  /** Closes the window. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** @throws WinRMError 'cancelled' where it is over, and why is not plain to see */
  explain(): void {
    if (this.#why !== undefined) throw new WinRMError('cancelled', this.#why);
  }

  /** A person wants nobody asked any more. */
  stop(): void {
    if (this.#of.computers.length > 0) this.#over.abort();
  }

  /** Computers or credentials are others by now. */
  recheck(): void {
    const { computers, credential } = this.#of;
    const { find, isServed } = this.#deps;
    const became = this.#credentialBecame();
    if (credential && became)
      return this.#end(
        `The credential ${credential.name} was ${became} meanwhile, so its password is not asked for any more.`,
      );
    if (computers.length === 0) return;
    const left = computers.flatMap((one) => find(one.id) ?? []);
    if (left.length === 0) return this.#end(undefined); // whoever took them away knows
    const isDue = (one: ResolvedComputer) => {
      const was = this.#before.get(one.id);
      return was !== undefined && isAskedAlike(was.computer, one) && (was.served || !isServed(one));
    };
    if (left.some(isDue)) return;
    const [first, ...others] = left;
    const who = others.length === 0 ? first!.computerName : `These ${left.length} computers`;
    this.#end(
      `${who} ${others.length === 0 ? 'is' : 'are'} asked otherwise by now, so the password window was closed.`,
    );
  }

  /** Under its name in the window another may be known by now. */
  #credentialBecame(): 'saved' | 'deleted' | 'changed' | 'renamed' | undefined {
    const { isNameTaken } = this.#deps;
    const { id, name } = this.#of.credential ?? {};
    if (name === undefined) return undefined;
    if (id === undefined) return !this.#wasNameTaken && isNameTaken(name) ? 'saved' : undefined;
    const now = this.#deps.credential(id);
    if (!now) return 'deleted';
    if (now.changedOn !== this.#changedOn) return 'changed';
    return now.name === name ? undefined : 'renamed';
  }

  #end(why: string | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#why = why;
    this.#over.abort();
  }
}
