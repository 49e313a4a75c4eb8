import { useEffect, useRef, useState } from 'react';
import type { ErrorInfo } from '../../shared/error.ts';
import { useApp } from '../app-context.ts';

export interface Saving {
  /** Why it was not accepted when it was tried last. */
  readonly refusal: ErrorInfo | undefined;
  readonly isSaving: boolean;
  /** @param tried resolves to the refusal @param accepted once it was, also if the dialog was closed meanwhile */
  readonly save: (tried: () => Promise<ErrorInfo | undefined>, accepted?: () => void) => void;
}

/** What a dialog asks of main: it stays, with all that was typed, until that is accepted. */
export function useSaving(close: () => void): Saving {
  const tell = useApp((state) => state.tell);
  const [refusal, setRefusal] = useState<ErrorInfo>();
  const [isSaving, setSaving] = useState(false);
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => void (isOpen.current = false);
  }, []);
  const run = async (
    tried: () => Promise<ErrorInfo | undefined>,
    accepted: (() => void) | undefined,
  ): Promise<void> => {
    setSaving(true);
    const refused = await tried();
    setSaving(false);
    setRefusal(refused);
    if (refused && !isOpen.current) tell({ level: 'error', message: refused.message, error: refused });
    if (refused) return;
    if (isOpen.current) close();
    accepted?.();
  };
  return {
    refusal,
    isSaving,
    save: (tried, accepted) => {
      if (!isSaving) void run(tried, accepted);
    },
  };
}
