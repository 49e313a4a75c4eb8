import type { ErrorInfo } from './error.ts';

/** How a computer's error begins that was sent no login, because of what became of its account elsewhere. */
export const NOT_ASKED = 'It was not asked, because ';

/** Whether it failed without having been asked. */
export const wasNotAsked = ({ message }: Pick<ErrorInfo, 'message'>): boolean =>
  message.startsWith(NOT_ASKED);
