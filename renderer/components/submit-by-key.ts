import type { KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { isComposing } from '../composing.ts';

export const isSubmitKey = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  key === 'Enter' && (ctrlKey || metaKey);

/** A form's `onKeyDown`: Ctrl+Enter, or Cmd+Enter, submits it from each of its fields; Cancel stays Cancel. */
export function submitByKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (!isSubmitKey(event) || event.defaultPrevented || isComposing(event)) return;
  if ((event.target as Element).closest('footer button:not([type=submit])')) return;
  event.preventDefault();
  flushSync(() => undefined); // what the field took with this very key is part of it
  event.currentTarget.requestSubmit();
}
