import type { BulkAct, RemovedSession } from './bulk-act.ts';
import type { ComputerId, ConnectionOptions, ProfileContent, GroupId, SignIn } from './computer.ts';
import type { CredentialId, Credentials } from './credential.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { ErrorInfo } from './error.ts';
import type { NotLeft } from './not-left.ts';
import type { OutputLine, PipelineState } from './output.ts';
import type { ProfileEdit, ProfilePatch } from './profile-edit.ts';
import type { Guid, PSSession } from './session.ts';
import type { SignInReport } from './sign-in-report.ts';
import type { Settings, SettingsChange } from './settings.ts';

/** The sessions a computer last told us of. `at` is epoch milliseconds. */
export interface Answer {
  readonly at: number;
  /**
   * Nobody answered at the endpoint that its computer has by now, as of `at`: what was known of another is void, and
   * listed is only what is held from here.
   */
  readonly unheard?: true;
  /** When it was asked: what was done here since is known better. */
  readonly askedAt?: number;
  readonly sessions: readonly PSSession[];
  /** What the computer's options switch off, said at every use. */
  readonly warnings?: readonly string[];
  /** How it was signed in, and why so; absent where there is no network between. */
  readonly signIn?: SignInReport;
}

/**
 * What we know of one computer: the unit of change, of display and of failure.
 * `last` outlives a new query and a failed one, so the table never blinks.
 * `waiting`: nothing was sent, because no password was given yet.
 */
export type ComputerStatus =
  | {
      readonly kind: 'waiting';
      /** Why the password that was given before is not sent any more. */
      readonly refused?: ErrorInfo;
      readonly last?: Answer | undefined;
    }
  | {
      readonly kind: 'querying';
      readonly since: number;
      /** It has said nothing for so long that what is shown of it may be over. */
      readonly silent?: true;
      readonly last?: Answer | undefined;
    }
  | { readonly kind: 'answered'; readonly last: Answer }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly error: ErrorInfo;
      readonly last?: Answer | undefined;
    };

/** An answer that was told already is left out: a status without `last` leaves the one before as it is. */
export type Change = readonly [ComputerId, ComputerStatus];

/** A row is (endpoint, ShellId). */
export interface SessionKey {
  readonly computerId: ComputerId;
  readonly instanceId: Guid;
}

/** What is kept of a session that was connected here. Its lines come by `session.output`. */
export interface Console extends SessionKey {
  readonly name: string;
  readonly computerName: string;
  readonly configurationName: string;
  /** Epoch milliseconds of the connect; what the session said before was buffered on its computer. */
  readonly connectedAt: number;
  /** So many lines were said to an earlier connect of this app; they are kept. */
  readonly saidBefore?: number;
  /** `receiving` while its command runs, `idle` when it has none or the command ended. */
  readonly state: 'receiving' | 'idle' | 'left' | 'removed' | 'broken' | 'closed';
  /** What was running when it was connected. */
  readonly running?: string;
  readonly ended?: PipelineState;
  readonly error?: ErrorInfo;
}

export interface OutputBatch extends SessionKey {
  readonly lines: readonly OutputLine[];
  /** So many lines before these, and all sent earlier, are not kept. */
  readonly dropped?: number;
}

/** How far a round of questions has come. Times are epoch milliseconds. */
export interface Sweep {
  readonly asked: number;
  readonly done: number;
  /** Of those: whom a person had enough of waiting for, or did not let begin. Absent when there is none. */
  readonly cancelled?: number;
  readonly since: number;
  readonly endedAt?: number;
  /** Accounts that were refused twice, so that nobody is asked with them any more in this round. */
  readonly stopped?: readonly string[];
}

/** Something to say that belongs to no computer's status. */
export interface Notice {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly error?: ErrorInfo;
  /** Stands before all others, however new these are. */
  readonly urgent?: true;
  /** The act on many sessions of whose failures it tells. */
  readonly actId?: number;
  /** The sessions of which it says that they could not be left; with those of the one before it is said as one. */
  readonly notLeft?: readonly NotLeft[];
}

/** What is looked after, as the window needs it. */
export interface ProfileShown extends ProfileContent {
  /** True while the sample fleet is shown instead of the person's own computers. */
  readonly sample: boolean;
  /** What an undo, or a redo, would take back: `Rename group`. Absent when there is nothing. */
  readonly undo?: string;
  readonly redo?: string;
  /** Where there is nothing because others changed the same meanwhile: what it would have been. */
  readonly lostUndo?: string;
  readonly lostRedo?: string;
}

/** The steps replace those before, absent ones too. */
export interface ProfilePatched
  extends ProfilePatch, Pick<ProfileShown, 'undo' | 'redo' | 'lostUndo' | 'lostRedo'> {}

/** The menus as the window's command registry has them, for systems whose menu bar is not the window's. */
export interface MenuShown {
  readonly label: string;
  readonly items: (
    | {
        readonly id: string;
        readonly label: string;
        readonly keys?: string | undefined;
        readonly enabled: boolean;
      }
    | 'separator'
  )[];
}

type Nothing = Record<string, never>;

/** True for one session that was acted on alone, and done with; what comes of others their act tells. */
type Done = boolean;

/**
 * Renderer → main. A command says whether it was accepted, and rejects with an ErrorInfo.
 * What came of it arrives as an event, so the store has a single way in.
 */
export interface Commands {
  /** Begin sending events to this window, first of all everything known. */
  'fleet.watch': (request: Nothing) => void;
  /** Ask these computers, or all, again. One already being asked is left to finish. */
  'fleet.refresh': (request: { computerIds?: ComputerId[] | undefined }) => void;
  /** Stop every question under way: its computers are as they were, and `failed` with kind `cancelled` if nothing was known. */
  'fleet.cancel': (request: Nothing) => void;
  /** Add the computers that the text names (`srv1, srv2 10.0.0.5; https://x:5986/wsman`). */
  'computer.add': (request: {
    text: string;
    options: ConnectionOptions;
    groupIds: GroupId[];
    tags?: string[] | undefined;
    signIn?: SignIn | undefined;
  }) => void;
  /** Try what lies between here and a computer's sessions, with one login at most; each step arrives as it comes. */
  'computer.diagnose': (request: { computerId: ComputerId }) => void;
  'computer.stopDiagnosis': (request: { computerId: ComputerId }) => void;
  /** Record what travels to and from a computer, redacted, or forget it. */
  'trace.record': (request: { computerId: ComputerId; on: boolean }) => void;
  'trace.copy': (request: { computerId: ComputerId }) => void;
  /** Ask for a place and write it there. */
  'trace.save': (request: { computerId: ComputerId }) => void;
  /** Change groups, computers and views; sessions held on removed computers are left. */
  'profile.edit': (request: ProfileEdit) => void;
  /** Resolves to what was taken back: `Rename group`. */
  'profile.undo': (request: Nothing) => string;
  /** Resolves to what was done again. */
  'profile.redo': (request: Nothing) => string;
  'settings.change': (request: SettingsChange) => void;
  /**
   * Ask for user name and password in a window of its own and keep them under this name; or for a file with a
   * certificate, and its passphrase so, or take one of the store of Windows.
   */
  'credential.add': (request: {
    name: string;
    username?: string | undefined;
    certificate?: { kind: 'file' } | { kind: 'windowsStore'; thumbprint: string } | undefined;
  }) => void;
  'credential.rename': (request: { credentialId: CredentialId; name: string }) => void;
  /** Ask for a new password in a window of its own, or for another certificate. */
  'credential.replace': (request: { credentialId: CredentialId }) => void;
  'credential.delete': (request: { credentialId: CredentialId }) => void;
  /** Sign in to one computer with it, once; what came of it arrives as its last use, or rejects. */
  'credential.test': (request: { credentialId: CredentialId; computerId: ComputerId }) => void;
  /** Trust this one certificate (SHA-256, lower-case hex), which that computer showed last, and ask it again. */
  'certificate.pin': (request: { computerId: ComputerId; sha256: string }) => void;
  /** Let this computer send on to that place, which it named last, and ask it again. */
  'redirection.allow': (request: { computerId: ComputerId; place: string }) => void;
  /** Ask for a password in a window of its own, then sign in to these computers. */
  'password.ask': (request: { computerIds: ComputerId[] }) => void;
  /** Ask what runs in a session, unless that is known; it arrives with the computer's status. */
  'session.commands': (request: SessionKey) => void;
  /** Take over disconnected sessions. One that joins no others rejects with `denied` if another client was faster. */
  'session.connect': (request: { sessions: SessionKey[] }) => Done;
  /** Ask every 15 s until nobody is in the session, then connect. */
  'session.whenFree': (request: SessionKey) => void;
  'session.notWhenFree': (request: SessionKey) => void;
  /** Leave sessions that are held here; what runs in them goes on. */
  'session.disconnect': (request: { sessions: SessionKey[] }) => Done;
  /**
   * End sessions and what runs in them. `force` does not ask whether another client holds them; but one that was shown
   * as free, and is in use by now, is spared: `denied`.
   */
  'session.remove': (request: { sessions: RemovedSession[] }) => Done;
  /** Begin no more of an act on many sessions; those under way end. */
  'acts.stop': (request: { actId: number }) => void;
  /** Close what is shown of a session that is not held any more. */
  'output.close': (request: SessionKey) => void;
  /** Copy all that is kept of what a session said. */
  'output.copy': (request: SessionKey) => void;
  'sample.open': (request: Nothing) => void;
  'sample.close': (request: Nothing) => void;
  'clipboard.copy': (request: { text: string }) => void;
  /** Show the audit log's file in the system's file manager. */
  'audit.show': (request: Nothing) => void;
  'menu.set': (request: { menus: MenuShown[] }) => void;
}

/** Main → renderer. */
export interface Events {
  /** The computers looked after; with another fleet than before, all else known is void. */
  'profile.changed': ProfileShown;
  /** What became of the profile that was told last: with thousands of computers an edit changes a few. */
  'profile.patched': ProfilePatched;
  'credentials.changed': Credentials;
  'settings.changed': Settings;
  /** Computers whose status changed, gathered over at most 50 ms, or 250 ms while very many are asked. */
  'fleet.changed': readonly Change[];
  'sweep.changed': Sweep;
  /** An act on many sessions has come so far. */
  'act.changed': BulkAct;
  /** The computers whose trace is recorded. */
  'traces.changed': readonly ComputerId[];
  /** What a computer's diagnostics found so far. */
  'diagnosis.changed': { readonly computerId: ComputerId; readonly diagnosis: Diagnosis };
  /** Every session that was connected here and is still shown. */
  'consoles.changed': readonly Console[];
  /** Lines to append, gathered over at most 50 ms. */
  'session.output': readonly OutputBatch[];
  /** When groups are asked again by themselves, epoch milliseconds. */
  'schedule.changed': readonly { readonly groupId: GroupId; readonly at: number }[];
  /** The sessions that are connected as soon as nobody is in them. */
  'waiting.changed': readonly SessionKey[];
  /** All that there is to show was told, each by its event: after `fleet.watch`, and when another fleet is shown. */
  'fleet.told': Nothing;
  /** A command of the window's registry was chosen in the system's menu bar. */
  'menu.chosen': { readonly id: string };
  notice: Notice;
}

export type Command = keyof Commands;
export type EventName = keyof Events;

export type Request<C extends Command> = Parameters<Commands[C]>[0];
export type Response<C extends Command> = ReturnType<Commands[C]>;

/** Electron carries only an error's message across invoke, so failures travel as values. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo };

/** One name for a row, in maps and as a React key. */
export const keyOf = ({ computerId, instanceId }: SessionKey): string => `${computerId}/${instanceId}`;

export const idsOf = ({ computerId, instanceId }: SessionKey): SessionKey => ({ computerId, instanceId });
