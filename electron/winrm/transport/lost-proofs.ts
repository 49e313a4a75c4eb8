import type { Endpoint } from '../../../shared/computer.ts';
import type { WinRMErrorOptions } from '../error.ts';
import { LostProof } from './lost-proof.ts';

/** Its first, and one at the place that it sent on to, as from http to https. */
const MOST_OF_A_HOST = 2;

/**
 * What is known of the proofs that the places got to which one computer led. Who answers one with a redirection may have
 * judged it, so each counts towards the lock-out of the account. No place gets another by that; and since the ports of a
 * host may all be one server's, so that each sends on to the next, a host gets no third.
 */
export class LostProofs {
  /** By host, then by port. */
  readonly #known = new Map<string, Map<number, LostProof>>();

  /** For all connections to that place, whatever the path. */
  at({ hostname, port }: Endpoint): LostProof {
    const ports = this.#ofHost(hostname);
    const known = ports.get(port) ?? new LostProof();
    ports.set(port, known);
    return known;
  }

  /**
   * Why the password is not shown at that place after a redirection to it; undefined where it may be.
   *
   * @param it who is there, as the sentence begins
   */
  whyNoOther(place: Endpoint, it: string): readonly [why: string, more: WinRMErrorOptions] | undefined {
    const ports = [...this.#ofHost(place.hostname).values()];
    if (ports.filter(({ isOut }) => isOut).length >= MOST_OF_A_HOST) {
      return [
        `${it} was shown the password twice by then, which may count as tries of a wrong one, and sent on each time instead of answering.`,
        {
          remedy: { text: 'Check user name and password, then ask the address directly that is to answer.' },
        },
      ];
    }
    return this.at(place).isOut
      ? [`${it} was shown the password by then, which is not sent to it again by itself.`, {}]
      : undefined;
  }

  #ofHost(hostname: string): Map<number, LostProof> {
    // The dot of a name that is written to its end makes it no other one.
    const host = hostname.toLowerCase().replace(/\.$/, '');
    const known = this.#known.get(host) ?? new Map<number, LostProof>();
    this.#known.set(host, known);
    return known;
  }
}
