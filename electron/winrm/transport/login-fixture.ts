import type { BeforeLogin } from './login.ts';

/**
 * Lets every login out, and writes down what it hears; `said` is a computer's word alone. `ends` tells how each ended,
 * which is `lost` where it was neither taken nor refused.
 */
export function listening() {
  const heard: string[] = [];
  const ends: string[] = [];
  const beforeLogin: BeforeLogin = async () => {
    heard.push('asked');
    return {
      taken: (saidBy) => void heard.push(saidBy === undefined ? 'taken' : 'said'),
      refused: () => void heard.push('refused'),
      ended: (how) => {
        heard.push('ended');
        ends.push(how ?? 'lost');
      },
    };
  };
  return { heard, ends, beforeLogin };
}
