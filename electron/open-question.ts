import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { isAskedAlike } from './asked-alike.ts';
import { WinRMError } from './winrm/index.ts';

/** What a password is asked for: these computers, and the credential of that name, with how it stood then. */
export interface AskedFor {
  readonly computers: readonly ResolvedComputer[];
  /** Undefined for one without a credential. */
  readonly credential: string | undefined;
}

export interface OpenQuestionDeps {
  /** As it is by now; undefined for one that is not looked after any more. */
  readonly find: (id: ComputerId) => ResolvedComputer | undefined;
  /** When the credential of that name was changed last; undefined where there is none. */
  readonly changedOn: (credential: string) => number | undefined;
  /** Whether it can be asked without an answer by now. */
  readonly isServed: (computer: ResolvedComputer) => boolean;
}

/** A password window that is open: it closes once nobody waits for its answer any more. */
export class OpenQuestion {
  readonly #of: AskedFor;
  readonly #deps: OpenQuestionDeps;
  readonly #changedOn: number | undefined;
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
    this.#changedOn = of.credential === undefined ? undefined : deps.changedOn(of.credential);
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
    const { find, changedOn, isServed } = this.#deps;
    if (credential !== undefined && changedOn(credential) !== this.#changedOn)
      return this.#end(
        this.#changedOn === undefined
          ? `The credential ${credential} was saved meanwhile, so its password is not asked for any more.`
          : `The credential ${credential} was changed meanwhile, so its password is not asked for any more.`,
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

  #end(why: string | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#why = why;
    this.#over.abort();
  }
}
