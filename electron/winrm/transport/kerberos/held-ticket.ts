import { WinRMError } from '../../error.ts';

/** How long a KDC may take to give a ticket, from when it is asked; milliseconds. */
export const KDC_LIMIT_MS = 20_000;

/** The library's ticket to go on with; it lives as long as somebody uses it. */
export interface HeldTicket<Handle> {
  readonly handle: Handle;
  /** Empty where the library does not tell. */
  readonly principal: string;
  /** One more user. @throws WinRMError 'internal' after the last one let go: what is freed cannot be held */
  hold(): void;
  release(): void;
}

/** @param free is called after the last user, of whom there is one to begin with */
export function holdTicket<Handle>(handle: Handle, principal: string, free: () => void): HeldTicket<Handle> {
  let users = 1;
  return {
    handle,
    principal,
    hold: () => {
      if (users === 0) throw new WinRMError('internal', 'A Kerberos ticket was used after it was freed.');
      users++;
    },
    release: () => {
      if (--users === 0) free();
    },
  };
}

/** Lets go once, however often it is called. */
export function releaseOnce({ release }: Pick<HeldTicket<unknown>, 'release'>): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) release();
    isReleased = true;
  };
}
