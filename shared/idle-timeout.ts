/** What WinRM takes at least (New-PSSessionOption), milliseconds. */
export const MIN_IDLE_TIMEOUT_MS = 60_000;
/** The computer's own counts. */
export const OWN_IDLE_TIMEOUT = -1;

/** Whether sessions can be left with it. A file may hold another, with which no computer would let go of them. */
export const isIdleTimeout = (ms: number): boolean => ms === OWN_IDLE_TIMEOUT || ms >= MIN_IDLE_TIMEOUT_MS;
