import type { CertificateInfo, ErrorInfo, Remedy } from './error.ts';
import type { SignInReport } from './sign-in-report.ts';

/** What is tried of a computer, one after the other: each needs the one before. `proxy` only where one may be used. */
export const RUNGS = ['proxy', 'name', 'port', 'tls', 'offers', 'signIn', 'identify', 'list'] as const;
export type RungName = (typeof RUNGS)[number];

/** `skipped`: not needed, or not reached because one before it failed. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** One step of the ladder and what came of it. */
export interface Rung {
  readonly name: RungName;
  readonly verdict: Verdict;
  /** Milliseconds; absent where nothing was done. */
  readonly ms?: number;
  /** One sentence for the person at the screen. */
  readonly sentence: string;
  /** What to do about a failure or a warning. */
  readonly remedy?: Remedy;
  /** Of a failed one, with its causes. */
  readonly error?: ErrorInfo;
  /** Where it was tried, if the computer had sent on to there. */
  readonly at?: DiagnosedPlace;
}

/** A place that is asked. */
export interface DiagnosedPlace {
  /** `https://web08:5986/wsman`. */
  readonly url: string;
  readonly port: number;
}

/** What was found between here and one computer's sessions. Holds no password and no token. */
export interface Diagnosis extends DiagnosedPlace {
  /** When it began; epoch milliseconds. */
  readonly at: number;
  /** Milliseconds so far, or in all. */
  readonly ms: number;
  /** The rung that is being tried; absent once all is over. */
  readonly running?: RungName;
  /** In the order of RUNGS, anew at each place that is sent on to; all that apply once it is over. */
  readonly rungs: readonly Rung[];
  /** Where the computer sent on to, as it is allowed to: there the last rungs are tried. */
  readonly sentOnTo?: DiagnosedPlace;
  /** The certificates that the computer showed, its own first. */
  readonly chain?: readonly CertificateInfo[];
  /** The ways to sign in that it named to who did not sign in. */
  readonly offered?: readonly string[];
  /** How it was signed in, and why so. */
  readonly signIn?: SignInReport;
}

const TITLES: Readonly<Record<RungName, string>> = {
  proxy: 'Proxy',
  name: 'Name',
  port: 'Port',
  tls: 'TLS',
  offers: 'Ways to sign in',
  signIn: 'Sign-in',
  identify: 'Identify',
  list: 'List sessions',
};

/** As a rung is called: `Port 5986`. */
const rungTitle = (name: RungName, port: number): string => (name === 'port' ? `Port ${port}` : TITLES[name]);

/** A rung as it is shown. */
export interface ShownRung {
  readonly name: RungName;
  /** As it is called. */
  readonly title: string;
  /** Absent as long as it was not tried. */
  readonly rung?: Rung;
}

/** The rungs of a ladder, tried or not yet. */
export function rungsOf(diagnosis: Omit<Diagnosis, 'url' | 'at' | 'ms'>): readonly ShownRung[] {
  const { rungs, running, port, sentOnTo } = diagnosis;
  const last = rungs.at(-1);
  const next = running ? RUNGS.indexOf(running) : last ? RUNGS.indexOf(last.name) + 1 : 0;
  const untried = RUNGS.slice(next).filter((name) => name !== 'proxy' || name === running);
  return [
    ...rungs.map((rung) => ({
      name: rung.name,
      title: rungTitle(rung.name, (rung.at ?? { port }).port),
      rung,
    })),
    ...untried.map((name) => ({ name, title: rungTitle(name, (sentOnTo ?? { port }).port) })),
  ];
}

/** The first rung that failed. */
export const failedRung = ({ rungs }: Pick<Diagnosis, 'rungs'>): Rung | undefined =>
  rungs.find(({ verdict }) => verdict === 'failed');

/** The sentence of a rung that was not tried, because an earlier one did not let it. */
export const NOT_REACHED = 'Not reached.';

/** Whether every step was taken that is there to take. */
export const cameThrough = (diagnosis: Pick<Diagnosis, 'rungs'>): boolean =>
  !failedRung(diagnosis) && diagnosis.rungs.every(({ sentence }) => sentence !== NOT_REACHED);

const WORDS = { ok: 'passed', warning: 'warning', failed: 'failed', skipped: 'skipped' } as const;

/** The verdict in a word; what was not needed is skipped, what comes after a failure is not reached. */
export const verdictWord = ({ verdict, sentence }: Rung): string =>
  sentence === NOT_REACHED ? 'not reached' : WORDS[verdict];
