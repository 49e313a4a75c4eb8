import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';
import { following } from './following.ts';
import { orAborted } from './or-aborted.ts';
import type { Wait } from './wait.ts';

/** How one request is carried. */
export interface Carriage {
  /** The computer may hold it for as long as it likes: a Receive. */
  readonly waits: boolean;
  /** Milliseconds for the answer, counted from when the request has its turn. */
  readonly limitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A channel and the requests that wait for their turn on it: one connection carries one at a time. */
export class Lane {
  readonly channel: Channel;
  /** Settles when all that came before was carried. */
  #free: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #wait: Wait;

  constructor(channel: Channel, wait: Wait) {
    this.channel = channel;
    this.#wait = wait;
  }

  /** A Receive waits on it, or will before anything else has its turn. */
  get isHeldUp(): boolean {
    return this.#waiting > 0;
  }

  /** Rejects as Channel.post, and with 'timeout' once the limit is over; how long others took before it does not count. */
  async carry(soap: string, { waits, limitMs, signal }: Carriage): Promise<string> {
    const turn = this.#free.then(() => {
      signal?.throwIfAborted();
      return this.#post(soap, limitMs, signal);
    });
    this.#free = turn.then(nothing, nothing);
    if (waits) this.#waiting++;
    try {
      return await (signal ? orAborted(turn, signal) : turn);
    } finally {
      if (waits) this.#waiting--;
    }
  }

  async #post(soap: string, limitMs: number, signal: AbortSignal | undefined): Promise<string> {
    const { controller: until, letGo } = following(signal);
    void this.#wait(limitMs, until.signal).then(() => {
      if (!until.signal.aborted) until.abort(noAnswer(limitMs));
    });
    try {
      return await this.channel.post(soap, until.signal);
    } finally {
      letGo();
      until.abort(DONE); // ends the waiting
    }
  }
}

/** What is kept for the next request must not keep the last answer. */
const nothing = () => undefined;

/** Without a reason Node makes an exception, for each request. */
const DONE = 'answered';

const noAnswer = (ms: number) =>
  new WinRMError(
    'timeout',
    `The computer took the request but did not answer within ${Math.round(ms / 1000)} s.`,
    {
      causes: ['The computer is overloaded or its WinRM service hangs.', 'The network dropped the answer.'],
      remedy: { text: 'Try again; give OperationTimeout more time if the computer is known to be slow.' },
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );
