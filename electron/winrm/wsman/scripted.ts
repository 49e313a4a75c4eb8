import type { Exchange } from '../exchange.ts';
import { parseXml } from '../parse-xml.ts';
import { NAMESPACES } from './request.ts';
import type { WSManRequest, WSManResponse } from './request.ts';

const XMLNS = Object.entries(NAMESPACES).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`);

/** A response whose body holds this markup; the usual prefixes are declared. */
export function answer(markup: string): WSManResponse {
  const text = `<s:Body${XMLNS.join('')}>${markup}</s:Body>`;
  return { body: parseXml(text), length: text.length };
}

/**
 * Steps an exchange by hand, for tests: each reply is a body's markup, or an error to throw into it.
 *
 * @returns what the exchange returned, and the requests that it made
 */
export function script<T>(
  exchange: Exchange<T>,
  ...replies: (string | Error)[]
): { value: T; requests: WSManRequest[] } {
  const requests: WSManRequest[] = [];
  let step = exchange.next();
  for (const reply of replies) {
    if (step.done) throw new Error('The exchange ended before its last reply.');
    requests.push(step.value);
    step = typeof reply === 'string' ? exchange.next(answer(reply)) : exchange.throw(reply);
  }
  if (!step.done) throw new Error(`The exchange asks for more: ${step.value.action}.`);
  return { value: step.value, requests };
}
