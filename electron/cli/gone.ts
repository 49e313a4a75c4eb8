import { isFault } from '../winrm/index.ts';

/** ERROR_WSMAN_INVALID_SELECTORS: what the request names is not there. */
const INVALID_SELECTORS = 2_150_858_843;

/** Whether the computer said that there is no such session any more: then it is in use by nobody, either. */
export const isGone = (error: unknown): boolean => isFault(error) && error.faultCode === INVALID_SELECTORS;
