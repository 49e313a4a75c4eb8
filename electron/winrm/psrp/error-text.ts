import { isObject, property } from './value.ts';
import type { PSValue } from './value.ts';

/**
 * The message of an ErrorRecord, as PowerShell takes it: what the record's details say, else the exception's message,
 * else its text.
 */
export function errorText(error: PSValue): string {
  if (typeof error === 'string') return error;
  const candidates = [
    property(error, 'ErrorDetails_Message'),
    property(property(error, 'Exception'), 'Message'),
    isObject(error) ? error.text : undefined,
  ];
  return candidates.find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}
