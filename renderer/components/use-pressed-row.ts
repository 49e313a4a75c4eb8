import { useCallback, useRef } from 'react';
import type { MouseEvent } from 'react';
import type { Row } from '../rows.ts';
import type { Mode } from '../selection.ts';

/** The rows on which the button of the mouse went down: for the first of two clicks, and last. */
interface Pressed {
  readonly first?: string | undefined;
  readonly last?: string;
}

/** Which row a click means, and two of them: another may come in under the pointer at any time. */
export function usePressedRow(pick: (key: string, mode: Mode) => void, open: (row: Row) => void) {
  const pressed = useRef<Pressed>({});
  const onPress = useCallback((key: string, { detail }: MouseEvent) => {
    pressed.current = { first: detail === 1 ? key : pressed.current.first, last: key };
  }, []);
  // While the button was held down, another is not meant. A screen reader clicks without pressing.
  const onClick = useCallback(
    (key: string, event: MouseEvent) => {
      const { first, last = key } = event.detail === 0 ? {} : pressed.current;
      pressed.current = { first };
      pick(last, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'replace');
    },
    [pick],
  );
  // Nor between the two clicks.
  const onOpen = useCallback(
    (row: Row) => {
      const { first = row.key } = pressed.current;
      pressed.current = {};
      if (first === row.key) open(row);
    },
    [open],
  );
  return { onPress, onClick, onOpen };
}
