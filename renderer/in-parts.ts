import { MOST_AT_ONCE } from '../shared/request-limits.ts';

/** As many lists as it takes for each to go with one request. */
export function inParts<T>(list: readonly T[], most = MOST_AT_ONCE): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += most) parts.push(list.slice(at, at + most));
  return parts;
}
