import type { BeforeLogin } from './login.ts';

/** Lets every login out, and writes down what it hears; `said` is a computer's word alone. */
export function listening() {
  const heard: string[] = [];
  const beforeLogin: BeforeLogin = async () => {
    heard.push('asked');
    return {
      taken: (saidBy) => void heard.push(saidBy === undefined ? 'taken' : 'said'),
      refused: () => void heard.push('refused'),
      ended: () => void heard.push('ended'),
    };
  };
  return { heard, beforeLogin };
}
