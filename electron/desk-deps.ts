import type { ComputerId, ProfileContent } from '../shared/computer.ts';
import type { EventName, Events } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import type { Fleet } from './fleet.ts';
import type { Remote } from './held-sessions.ts';
import type { Passwords } from './store/passwords.ts';
import type { ProfileStore } from './store/profiles.ts';
import type { Credential } from './winrm/index.ts';

export type Send = <E extends EventName>(event: E, payload: Events[E]) => void;

/** The sample fleet, as `main` makes it. */
export interface Sample {
  readonly content: ProfileContent;
  open(computer: ResolvedComputer): Remote;
  /** Takes up and breaks a few sessions, so that every badge is there to be seen. */
  stage(fleet: Fleet): Promise<void>;
}

export interface DeskDeps {
  readonly profiles: ProfileStore;
  readonly passwords: Passwords;
  readonly open: (
    computer: ResolvedComputer,
    credential: Credential,
    onWarning: (sentence: string) => void,
  ) => Remote;
  readonly openSample: () => Sample | Promise<Sample>;
  readonly askPassword: (question: PasswordQuestion) => Promise<PasswordAnswer | undefined>;
  readonly copy: (text: string) => void;
  readonly send: Send;
  readonly now: () => number;
  readonly newId: () => ComputerId;
}
