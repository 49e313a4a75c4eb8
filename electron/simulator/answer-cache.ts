import type { Answer, Caller } from './computer.ts';
import type { SimulatedRequest } from './soap.ts';

/** As many answers as are kept for who did not get theirs. */
const CAPACITY = 64;

/**
 * Robust connections (MS-WSMV 3.1.4.1.39), as far as a client can notice: a request sent again, its OperationID marked
 * mustUnderstand, gets the answer that was lost and is not carried out twice. One that was not carried out, is.
 */
export class AnswerCache {
  readonly #answers = new Map<string, Answer>();

  find(request: SimulatedRequest, caller: Caller): Answer | undefined {
    return request.isRepeated ? this.#answers.get(keyOf(request, caller)) : undefined;
  }

  keep(request: SimulatedRequest, caller: Caller, answer: Answer): void {
    if (request.operationId === undefined) return;
    this.#answers.set(keyOf(request, caller), answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > CAPACITY && oldest !== undefined) this.#answers.delete(oldest);
  }
}

const keyOf = ({ operationId, sequenceId }: SimulatedRequest, { owner }: Caller) =>
  `${owner} ${operationId} ${sequenceId}`;
