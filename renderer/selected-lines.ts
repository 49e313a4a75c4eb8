import { textsBetween } from './held-lines.ts';
import type { Shown } from './log.ts';

/** Of what is selected, or undefined when nothing is. */
function selected(): Range | undefined {
  const selection = getSelection();
  return selection && !selection.isCollapsed ? selection.getRangeAt(0) : undefined;
}

/** Whether a selection reaches into it. */
export const isSelecting = (within: Element | null): boolean =>
  within !== null && (selected()?.intersectsNode(within) ?? false);

/** The line that a point of a selection lies in; lines have their number as `data-line`. */
function lineAt(node: Node): HTMLElement | undefined {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>('[data-line]') ?? undefined;
}

const numberOf = (line: HTMLElement): number => Number(line.dataset['line']);

/** Numbers of the lines in which the selection begins and ends. */
export function heldLines(): number[] {
  const range = selected();
  if (!range) return [];
  return [range.startContainer, range.endContainer].flatMap((node) => {
    const line = lineAt(node);
    return line ? [numberOf(line)] : [];
  });
}

/** What is selected from one line to another, with all between; undefined within one line, which is as it stands. */
export function selectedText(lines: Shown): string | undefined {
  const range = selected();
  const [first, last] = [range && lineAt(range.startContainer), range && lineAt(range.endContainer)];
  if (!range || !first || !last || first === last) return undefined;
  const between = textsBetween(lines, numberOf(first), numberOf(last));
  return [partOf(first, range), ...between, partOf(last, range)].join('\n');
}

/** As much of a line's text as is selected. */
function partOf(line: HTMLElement, range: Range): string {
  const part = document.createRange();
  part.selectNodeContents(line.lastElementChild ?? line);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0)
    part.setEnd(range.endContainer, range.endOffset);
  return part.toString();
}
