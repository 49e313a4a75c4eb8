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

/** Others are wanted, and not the very same under another name: a filter without a term changes none. */
const isOther = (was: Lines, now: Lines): boolean => was.wanted !== now.wanted && was.keys !== now.keys;

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
  /** Where it was scrolled to when last looked at, and how much room the lines had; pixels. */
  #top = 0;
  #room = 0;
  readonly #haste = new Haste({ settled: () => this.look() });
  readonly #hearers = new Set<() => void>();

  readonly subscribe = (hearer: () => void): (() => void) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  };

  readonly range = (): Range => this.#range;

  /** As much of the range as is drawn: of lines that are wanted instead, what `show` will come to, drawn once. */
  drawn(range: Range, lines: Lines): Range {
    if (!this.#lines || !isOther(this.#lines, lines)) return range;
    const top = this.#topFor(lines);
    return { ...seenAt(top, this.#room, lines), whole: EVERY };
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
    if (isOther(was, lines)) {
      this.#drawSeen();
      element.scrollTop = this.#topFor(lines);
    } else if (was.height !== height) {
      element.scrollTop = (this.#top / was.height) * height; // the same lines are seen
    } else {
      const by = shift(was.keys, keys, seenIn(element, height, head), focus);
      if (by !== 0) element.scrollTop += height * by;
    }
    this.look();
  }

  /** Where lines that are wanted instead are scrolled to, pixels: the focused one is seen, else the first. */
  #topFor({ keys, height, focus }: Lines): number {
    const at = focus === undefined ? -1 : keys.indexOf(focus);
    if (at < 0) return 0;
    const bottom = Math.max(0, keys.length * height - this.#room);
    return Math.min(bottom, revealing(at * height, height, this.#top, this.#room));
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
    const room = (this.#room = Math.max(0, clientHeight - head));
    const { first, end } = this.#isDrawn
      ? {
          first: Math.max(0, at - OVERSCAN),
          end: Math.min(keys.length, at + Math.ceil(room / height) + STEP + OVERSCAN),
        }
      : seenAt(scrollTop, room, this.#lines);
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
    const { height, head } = lines;
    const { scrollTop, clientHeight } = element;
    const top = revealing(index * height, height, scrollTop, clientHeight - head);
    if (top !== scrollTop) element.scrollTop = top;
    this.look();
  }

  /** The first line that is seen whole. */
  firstSeen(): number {
    return this.#lines ? Math.ceil(this.#top / this.#lines.height) : 0;
  }

  /** How many lines fit. */
  page(): number {
    const [element, lines] = [this.#element, this.#lines];
    if (!element || !lines) return 1;
    return Math.max(1, Math.floor((element.clientHeight - lines.head) / lines.height) - 1);
  }
}

const firstAt = (scrollTop: number, height: number): number => Math.floor(scrollTop / height / STEP) * STEP;

/** Of so much room at `top` nothing but what is seen; the first may be up to a step above it. */
const seenAt = (top: number, room: number, { keys, height }: Lines): Omit<Range, 'whole'> => ({
  first: firstAt(top, height),
  end: Math.min(keys.length, Math.ceil((top + room) / height)),
});

/** The least scrolling that brings a line at `line` into sight. All in pixels. */
function revealing(line: number, height: number, top: number, room: number): number {
  if (line < top) return line;
  return line + height > top + room ? line + height - room : top;
}

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
