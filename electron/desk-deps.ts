import type { ComputerId, ProfileContent } from '../shared/computer.ts';
import type { EventName, Events, MenuShown } from '../shared/contract.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import type { Settings } from '../shared/settings.ts';
import type { AuditEntry } from './audit.ts';
import type { Fleet } from './fleet.ts';
import type { Remote } from './held-sessions.ts';
import type { CredentialStore } from './store/credentials.ts';
import type { LastWords } from './store/last-words.ts';
import type { ProfileStore } from './store/profiles.ts';
import type { SettingsStore } from './store/settings.ts';
import type { Traces } from './traces.ts';
import type { AnyCredential, BeforeLogin, Credential } from './winrm/index.ts';

export type Send = <E extends EventName>(event: E, payload: Events[E]) => void;

/** A text for a place that a person chooses. */
export interface TextToSave {
  /** As the beginning of a sentence. */
  readonly what: string;
  /** That is offered. */
  readonly name: string;
  readonly text: string;
}

/** What is handed to a diagnosis beside its computer. */
export interface DiagnoseWith {
  /** Absent: no password was given yet, unless it is signed in to `asLoggedOn`. */
  readonly credential?: AnyCredential;
  readonly asLoggedOn?: boolean;
  readonly beforeLogin?: BeforeLogin;
  /** The proxy's own account. */
  readonly proxyCredential?: Credential | undefined;
  readonly changed: (diagnosis: Diagnosis) => void;
  readonly signal: AbortSignal;
}

/** The sample fleet, as `main` makes it. */
export interface Sample {
  readonly content: ProfileContent;
  /** @param beforeLogin is asked before each login, as on a network; without it none waits */
  open(computer: ResolvedComputer, beforeLogin?: BeforeLogin): Remote;
  diagnose(computer: ResolvedComputer, how: DiagnoseWith): Promise<Diagnosis>;
  /**
   * Takes up and breaks a few sessions, so that every badge is there to be seen.
   *
   * @param swept once the first sweep has ended
   */
  stage(fleet: Fleet, swept: Promise<void>): Promise<void>;
}

export interface DeskDeps {
  readonly profiles: ProfileStore;
  readonly credentials: CredentialStore;
  readonly settings: SettingsStore;
  readonly audit: (entry: AuditEntry) => void;
  /** Writes what was audited and is not written yet. @returns sentences, with the lines, on what cannot be */
  readonly keepAudit: () => Promise<readonly string[]>;
  /** For whoever opens the app next. */
  readonly lastWords: LastWords;
  /** Shows the audit log's file in the system's file manager. */
  readonly showAudit: () => Promise<void>;
  readonly open: (
    computer: ResolvedComputer,
    /** Absent: as whoever is logged on here. */
    credential: AnyCredential | undefined,
    onWarning: (sentence: string) => void,
    beforeLogin: BeforeLogin | undefined,
    proxyCredential?: Credential,
  ) => Remote;
  readonly diagnose: (computer: ResolvedComputer, how: DiagnoseWith) => Promise<Diagnosis>;
  /** Domain controllers and OCSP responders that did not answer a moment ago are asked again, as a person expects of Retry. */
  readonly forgetSilence: () => void;
  readonly openSample: () => Sample | Promise<Sample>;
  /** Closes its window without an answer once nobody waits for it any more. */
  readonly askPassword: (
    question: PasswordQuestion,
    over: AbortSignal,
  ) => Promise<PasswordAnswer | undefined>;
  /** Asks for a file with a certificate and its key; its path, and nothing where none was chosen. */
  readonly chooseCertificate: () => Promise<string | undefined>;
  readonly traces: Traces;
  /**
   * Asks for a place and writes it there, a file for the owner alone; nothing where no place is given.
   *
   * @throws WinRMError why it could not be written
   */
  readonly saveText: (text: TextToSave) => Promise<void>;
  readonly copy: (text: string) => void;
  readonly send: Send;
  /** Theme and zoom are Electron's to apply. */
  readonly applySettings: (settings: Settings) => void;
  readonly setMenu: (menus: readonly MenuShown[]) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => ComputerId;
}
