import { reworded, WinRMError } from '../error.ts';
import { CHECK_ACCOUNT } from './reply.ts';

/**
 * What a request failed with whose connection broke after the proof of a password, and before a word about it: whoever
 * closes then may have judged it, so it is not told as the network's alone, and nobody is advised to try again lightly.
 *
 * @param isQuestion whether it could have changed nothing
 * @returns what did not break, as it is
 */
export function unjudgedProof(error: unknown, isQuestion: boolean): unknown {
  if (!(error instanceof WinRMError) || error.info.network === undefined) return error;
  const { causes = [], remedy, network } = error.info;
  const mayHaveActed = network === 'after' && !isQuestion && remedy !== undefined;
  return reworded(
    error,
    `${error.message} It was shown the password by then, which may count as a try of a wrong one.`,
    {
      ...error.info,
      causes: ['The user name or the password is wrong, and it does not say so.', ...causes],
      remedy: { text: mayHaveActed ? `${remedy.text} ${CHECK_ACCOUNT}` : CHECK_ACCOUNT },
      cause: error,
    },
  );
}
