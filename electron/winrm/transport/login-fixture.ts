import type { BeforeLogin } from './login.ts';

/** Lets every login out, and writes down what it hears. */
export function listening() {
  const heard: string[] = [];
  const beforeLogin: BeforeLogin = async () => {
    heard.push('asked');
    return {
      taken: () => void heard.push('taken'),
      refused: () => void heard.push('refused'),
      ended: () => void heard.push('ended'),
    };
  };
  return { heard, beforeLogin };
}
