import type { Page } from '@playwright/test';

/** How long each frame of a window was, milliseconds, over so long a time. */
export function frames(page: Page, ms: number): Promise<number[]> {
  return page.evaluate(recordFrames, { ms });
}

/** The same while the first element that fits is scrolled down, and up again at its end, by a third of a page a frame. */
export function framesWhileScrolling(page: Page, selector: string, ms: number): Promise<number[]> {
  return page.evaluate(recordFrames, { ms, selector });
}

/** Runs in the page. */
function recordFrames({ ms, selector }: { ms: number; selector?: string }): Promise<number[]> {
  const scroller = selector === undefined ? undefined : document.querySelector(selector);
  let step = (scroller?.clientHeight ?? 0) / 3;
  return new Promise((resolve) => {
    const lengths: number[] = [];
    let last: number | undefined;
    let end = Infinity;
    const frame = (now: number) => {
      if (last === undefined) end = now + ms;
      else lengths.push(now - last);
      last = now;
      if (now >= end) return resolve(lengths);
      if (scroller) {
        const before = scroller.scrollTop;
        scroller.scrollTop += step;
        if (scroller.scrollTop === before) step = -step;
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** Milliseconds from the press of each key in the focused field to the frame that shows what it led to. */
export async function keysToPaint(page: Page, text: string): Promise<number[]> {
  await page.evaluate(() => {
    const waits: number[] = [];
    const hear = ({ timeStamp }: KeyboardEvent) => {
      // After the frame in which the key's work is done, before the next.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => waits.push(performance.now() - timeStamp);
        port2.postMessage(undefined);
      });
    };
    addEventListener('keydown', hear, { capture: true });
    const stop = () => removeEventListener('keydown', hear, { capture: true });
    Object.assign(globalThis, { keysWaited: () => (stop(), waits) });
  });
  for (const key of text) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
  return page.evaluate(() => (globalThis as unknown as { keysWaited: () => number[] }).keysWaited());
}

/** @param share from 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
