import { whenIdle } from './after-frame.ts';
import { Haste } from './haste.ts';

/** Lines that are drawn beyond what is seen, and in what steps the window moves: a redraw every few lines only. */
const OVERSCAN = 8;
const STEP = 4;

/** The lines of a list, all of one height. */
export interface Lines {
  /** Of every line, from the top. */
  readonly keys: readonly string[];
  /** Pixels. */
  readonly height: number;
  /** Pixels at the top that the head covers. */
  readonly head: number;
  /** Changes when the lines are others, or in another order, because a person wanted that. */
  readonly wanted: unknown;
  readonly focus: string | undefined;
}

/** Which lines are drawn: from `first` to before `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
  /** Those of them that are drawn whole; the others fly past, and show no more than their names. */
  readonly whole: Omit<Range, 'whole'>;
}

const EVERY = { first: 0, end: Infinity };

/**
 * A window on very many lines of one height. When lines come or go above, what is looked at stays where it is: the
 * focused line, else the first that is seen.
 */
export class RowViewport {
  #element: HTMLElement | undefined;
  #lines: Lines | undefined;
  #range: Range = { first: 0, end: 0, whole: EVERY };
  /** Of other lines what is seen is drawn, and nothing beyond it until there is time or they are scrolled. */
  #isDrawn = false;
  #giveUp: () => void = () => undefined;
  /** How many lines are seen at once. */
  #seen = 0;
  /** Where it was scrolled to when last looked at, pixels. */
  #top = 0;
  readonly #haste = new Haste({ settled: () => this.look() });
  readonly #hearers = new Set<() => void>();

  readonly subscribe = (hearer: () => void): (() => void) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  };

  readonly range = (): Range => this.#range;

  /** As much of the range as is drawn of the lines that are wanted now: what `show` will come to, drawn once. */
  drawn(range: Range, { wanted, focus }: Pick<Lines, 'wanted' | 'focus'>): Range {
    if (!this.#lines || this.#lines.wanted === wanted) return range;
    if (focus === undefined) return { first: 0, end: this.#seen, whole: EVERY };
    return { ...range, end: Math.min(range.end, range.first + this.#seen + STEP) };
  }

  /** The element that scrolls. @returns how to stop following its size */
  attach(element: HTMLElement): () => void {
    this.#element = element;
    const observer = new ResizeObserver(() => this.look());
    observer.observe(element);
    this.#drawSeen();
    return () => {
      observer.disconnect();
      this.#giveUp();
      this.#haste.stop();
      this.#element = undefined;
    };
  }

  /** To be told as soon as the element has its new height, and before that is painted. */
  show(lines: Lines): void {
    const was = this.#lines;
    this.#lines = lines;
    const element = this.#element;
    if (!element || !was) return this.look();
    // To ask where it is scrolled to right after it was drawn has the whole table laid out once more.
    if (was.keys === lines.keys && was.height === lines.height) return;
    const { keys, height, head, focus } = lines;
    if (was.wanted !== lines.wanted || was.height !== height) {
      this.#drawSeen();
      const at = focus === undefined ? -1 : keys.indexOf(focus);
      if (at >= 0) this.reveal(at);
      else element.scrollTop = 0;
    } else {
      const by = shift(was.keys, keys, seenIn(element, height, head), focus);
      if (by !== 0) element.scrollTop += height * by;
    }
    this.look();
  }

  #drawSeen(): void {
    this.#giveUp();
    this.#isDrawn = false;
    this.#giveUp = whenIdle(() => {
      this.#isDrawn = true;
      this.look();
    });
  }

  /** A person scrolls. */
  readonly scrolled = (): void => {
    if (!this.#element || !this.#lines) return;
    const { scrollTop, clientHeight } = this.#element;
    if (scrollTop === this.#top) return; // where `show` put it
    this.#giveUp();
    this.#isDrawn = true;
    const { height } = this.#lines;
    const first = firstAt(scrollTop, height);
    const moved = Math.abs(first - OVERSCAN - this.#range.first);
    this.look(this.#haste.moved(moved, clientHeight / height));
  };

  /** Follows where it is scrolled to. */
  look(isHasty = false): void {
    if (!this.#element || !this.#lines) return;
    const { scrollTop, clientHeight } = this.#element;
    const { height, head, keys } = this.#lines;
    this.#top = scrollTop;
    const at = firstAt(scrollTop, height);
    const room = Math.max(0, clientHeight - head);
    this.#seen = Math.ceil(room / height);
    const [above, below] = this.#isDrawn ? [OVERSCAN, STEP + OVERSCAN] : [0, 0];
    const first = Math.max(0, at - above);
    // Of those that are seen the first may be up to a step below `at`.
    const seenEnd = Math.ceil((scrollTop + room) / height);
    const end = Math.min(keys.length, (this.#isDrawn ? at + this.#seen : seenEnd) + below);
    const before = this.#range;
    if (first === before.first && end === before.end && isHasty === (before.whole !== EVERY)) return;
    const drawnWhole = before.whole === EVERY ? before : before.whole; // until it stands again, no more than those
    const whole = isHasty ? drawnWhole : EVERY;
    this.#range = { first, end, whole };
    for (const hearer of this.#hearers) hearer();
  }

  /** Brings a line into sight. */
  reveal(index: number): void {
    const [element, lines] = [this.#element, this.#lines];
    if (!element || !lines || index < 0) return;
    const [top, room] = [index * lines.height, element.clientHeight - lines.head];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + lines.height > element.scrollTop + room) element.scrollTop = top + lines.height - room;
    this.look();
  }

  /** How many lines fit. */
  page(): number {
    const [element, lines] = [this.#element, this.#lines];
    if (!element || !lines) return 1;
    return Math.max(1, Math.floor((element.clientHeight - lines.head) / lines.height) - 1);
  }
}

const firstAt = (scrollTop: number, height: number): number => Math.floor(scrollTop / height / STEP) * STEP;

interface Seen {
  readonly first: number;
  readonly last: number;
  readonly atTop: boolean;
}

const seenIn = ({ scrollTop, clientHeight }: HTMLElement, height: number, head: number): Seen => ({
  first: Math.floor(scrollTop / height),
  last: Math.floor((scrollTop + clientHeight - head) / height),
  atTop: scrollTop === 0,
});

/** By how many lines that moved which is looked at. At the very top, new lines are meant to be seen. */
export function shift(
  was: readonly string[],
  now: readonly string[],
  { first, last, atTop }: Seen,
  focus: string | undefined,
): number {
  const focused = focus === undefined ? -1 : was.indexOf(focus, first);
  const isSeen = focused >= 0 && focused <= last;
  if (!isSeen && atTop) return 0;
  const from = isSeen ? focused : first;
  for (const key of was.slice(from, from + 50)) {
    const at = now.indexOf(key);
    // The first that is still there stands for those that went.
    if (at >= 0) return at - was.indexOf(key, from);
  }
  return 0;
}
