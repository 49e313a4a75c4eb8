import { WinRMError } from '../error.ts';
import type { BeforeLogin } from '../transport/login.ts';

/**
 * Lets a password be judged once: after a refusal, or once somebody was signed in, none is sent any more. A KDC that
 * took it does not keep it from being shown to a computer that then wants NTLM: it is known to be right. Nor does a
 * computer that sends on instead of judging it: how often it is shown by that LostProofs says.
 */
export class SingleLogin {
  readonly #before: BeforeLogin | undefined;
  readonly #again: () => WinRMError;
  #isOver = false;
  wasAsked = false;
  /** The last one, by whom it was shown to. */
  wasTaken = false;
  /** Why one was kept back. */
  heldBack: WinRMError | undefined;

  constructor(hostname: string, before: BeforeLogin | undefined) {
    this.#before = before;
    this.#again = () =>
      new WinRMError(
        'denied',
        `${hostname} wants a second sign-in, for which diagnostics send no password.`,
        {
          causes: [
            'It, or a proxy before it, closes the connection after each answer.',
            'It forgot who is asking.',
          ],
          remedy: {
            text: 'Check whether a proxy or load balancer stands before it: WinRM signs in connections.',
          },
        },
      );
  }

  /** No further one, whatever comes. */
  end(): void {
    this.#isOver = true;
  }

  readonly before: BeforeLogin = async (signal) => {
    if (this.#isOver) throw (this.heldBack = this.#again());
    const attempt = await this.#before?.(signal);
    this.wasAsked = true;
    this.wasTaken = false;
    return {
      taken: (saidBy) => {
        this.wasTaken = true;
        attempt?.taken(saidBy);
      },
      refused: () => {
        this.#isOver = true;
        attempt?.refused();
      },
      ended: (how) => attempt?.ended(how),
    };
  };
}
