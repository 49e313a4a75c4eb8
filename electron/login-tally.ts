/** Domains lock an account after a handful; the second refusal tells that it was not that one computer's own. */
export const MAX_REFUSALS = 2;
/** As many at most are out, or were refused: the domain controller that all of them wait for may be slow. */
const MAX_UNRESOLVED = 4;
/**
 * As many at most were refused, or may have been: those that never say what became of them count, too. Windows locks
 * an account after ten unless told otherwise, and a few silent computers must not hold up a good password.
 */
export const MAX_UNJUDGED = 8;
/** So many computers make up for a proof by saying that they took it: one that lies has its word alone. */
const ENOUGH_WORDS = 2;

/** What became of a login so far: on its way, without an answer for a while or for long, or ended without a word on it. */
export type Phase = 'young' | 'slow' | 'silent' | 'lost';

/** What one password came to with one name, in a round. */
export class LoginTally {
  #isTaken = false;
  #refusals = 0;
  /** Who said that they took it. */
  readonly #words = new Set<string>();
  /** Logins that may still be refused. */
  readonly #out = new Map<object, Phase>();

  /** Somebody took it, so that nobody has to wait. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  get isStopped(): boolean {
    return !this.#isTaken && this.#refusals >= MAX_REFUSALS;
  }

  /** Too many ended without a word on it. */
  get isUnheard(): boolean {
    return !this.#isTaken && this.#refusals + this.#count('lost') >= MAX_UNJUDGED;
  }

  /** As many may be out as may still be refused. */
  get hasPlace(): boolean {
    const isBelow = (most: number, ...phases: readonly Phase[]) =>
      this.#refusals + this.#count(...phases) < most;
    return (
      this.#isTaken ||
      (isBelow(MAX_REFUSALS, 'young') &&
        isBelow(MAX_UNRESOLVED, 'young', 'slow') &&
        isBelow(MAX_UNJUDGED, 'young', 'slow', 'silent', 'lost'))
    );
  }

  letOut(login: object): void {
    this.#out.set(login, 'young');
  }

  /** @param phase absent: it is not out any more */
  becomes(login: object, phase: Phase | undefined): void {
    if (!this.#out.has(login)) return;
    if (phase) this.#out.set(login, phase);
    else this.#out.delete(login);
  }

  /** @param saidBy see LoginAttempt @returns whether nobody has to wait from now on */
  taken(saidBy: string | undefined): boolean {
    if (saidBy !== undefined) this.#words.add(saidBy);
    if (saidBy !== undefined && this.#words.size < ENOUGH_WORDS) return false;
    const isNew = !this.#isTaken;
    this.#isTaken = true;
    this.#refusals = 0;
    this.#forgetLost(); // it was not for the password
    return isNew;
  }

  refused(): void {
    if (!this.#isTaken) this.#refusals++;
  }

  forgive(): void {
    this.#refusals = 0;
    this.#forgetLost();
  }

  /**
   * It has to be taken anew; those that are out since it was taken are not what others wait for then.
   *
   * @param isOver nothing is under way any more: while something is, those that ended without a word go on counting
   */
  forget({ isOver }: { readonly isOver: boolean }): void {
    if (this.#isTaken) this.#out.clear();
    this.#isTaken = false;
    this.#words.clear();
    if (isOver) this.#forgetLost();
  }

  #forgetLost(): void {
    for (const [login, phase] of this.#out) if (phase === 'lost') this.#out.delete(login);
  }

  #count(...phases: readonly Phase[]): number {
    let count = 0;
    for (const phase of this.#out.values()) if (phases.includes(phase)) count++;
    return count;
  }
}
