import type { WSManRequest, WSManResponse } from './wsman/request.ts';

/**
 * A piece of protocol with no I/O in it: yields the requests to send, is resumed with their
 * responses, returns what it learned. Compose with `yield*`; test by stepping it by hand.
 */
export type Exchange<T> = Generator<WSManRequest, T, WSManResponse>;

/** Runs an exchange. A failed send is thrown inside the exchange, which may recover. */
export async function drive<T>(
  exchange: Exchange<T>,
  send: (request: WSManRequest) => Promise<WSManResponse>,
): Promise<T> {
  let step = exchange.next();
  while (!step.done) {
    const reply = await send(step.value).then(
      (response) => () => exchange.next(response),
      (error: unknown) => () => exchange.throw(error),
    );
    step = reply();
  }
  return step.value;
}
