import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventName } from '../shared/contract.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { Desk } from './desk.ts';
import type { DeskDeps } from './desk-deps.ts';
import { session } from './fleet-fixture.ts';
import type { Remote } from './held-sessions.ts';
import { openSample } from './sample.ts';
import { CredentialStore } from './store/credentials.ts';
import { openSettings } from './store/settings.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';
import type { PasswordVault } from './store/vault.ts';
import { openProfiles } from './store/profiles.ts';
import { Traces } from './traces.ts';
import { isClientCertificate, WinRMError } from './winrm/index.ts';
import type { AnyCredential } from './winrm/index.ts';

export const PLAIN = { options: {}, groupIds: [] };

/** A password for the account asked for, or alice; or the whole answer. */
type Answer = string | PasswordAnswer;

/** What the system keeps between two runs. */
const vaults = new Map<string, PasswordVault>();

const QUIET = {
  audit: () => undefined,
  keepAudit: async () => [],
  lastWords: { keep: async () => undefined, take: async () => [] },
  showAudit: async () => undefined,
  applySettings: () => undefined,
  setMenu: () => undefined,
  chooseCertificate: async () => undefined,
  saveText: async () => undefined,
};

/** A desk whose computers know one password. */
export function setup(
  /** undefined closes the window; a promise leaves it open for a while. */
  answers: (Answer | Promise<Answer> | undefined)[],
  list?: Remote['list'],
  folder = mkdtempSync(join(tmpdir(), 'pssm-desk-')),
  diagnose?: DeskDeps['diagnose'],
  others: Partial<Pick<DeskDeps, 'open' | 'lastWords' | 'openSample'>> = {},
) {
  const copied: string[] = [];
  const events: [EventName, unknown][] = [];
  const questions: PasswordQuestion[] = [];
  const attempts: string[] = [];
  /** How many attempts there had been each time that silent domain controllers were forgotten. */
  const forgot: number[] = [];
  let ids = 0;
  const file = join(folder, 'profile.json');
  const vault = vaults.get(folder) ?? { ...memoryVault(''), kind: 'keyring' as const, name: 'the vault' };
  vaults.set(folder, vault);
  const desk = new Desk({
    profiles: openProfiles(file),
    settings: openSettings(join(folder, 'settings.json')),
    credentials: new CredentialStore({
      file: join(folder, 'credentials.json'),
      vaults: async () => vaultsOf([vault]),
    }),
    ...QUIET,
    open: ({ computerName }, credential, _, beforeLogin) => ({
      list: async (...question) => {
        if (list) return list(...question);
        if (computerName === 'dead') throw new WinRMError('unreachable', 'dead does not answer.');
        const attempt = await beforeLogin?.(new AbortController().signal);
        attempts.push(credential ? computerName : `${computerName} as logged on`);
        const isRight = !credential || passwordOf(credential) === 'right';
        attempt?.[isRight ? 'taken' : 'refused']();
        attempt?.ended();
        if (!isRight) throw new WinRMError('unauthenticated', 'Refused.');
        return { sessions: [], misses: [] };
      },
      commands: async () => [],
      connect: () => Promise.reject(new Error('unused')),
      remove: () => Promise.reject(new Error('unused')),
      close: () => undefined,
    }),
    diagnose: diagnose ?? diagnoseInto(attempts),
    forgetSilence: () => void forgot.push(attempts.length),
    openSample,
    askPassword: async (question) => {
      questions.push(question);
      const answer = await answers.shift();
      if (typeof answer !== 'string') return answer;
      return { username: question.username || 'alice', password: answer, remember: false };
    },
    copy: (text) => void copied.push(text),
    traces: new Traces(() => 1),
    send: (event, payload) => void events.push([event, payload]),
    now: () => 1,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    ...others,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 250)); // past the gathering of events
  return { desk, events, questions, attempts, forgot, settled, file, folder, copied };
}

const passwordOf = (credential: AnyCredential | undefined) =>
  isClientCertificate(credential) ? undefined : credential?.password;

/** Signs in as `list` does, and writes that down. */
const diagnoseInto =
  (attempts: string[]): DeskDeps['diagnose'] =>
  async ({ computerName }, { credential, asLoggedOn, proxyCredential, beforeLogin, changed, signal }) => {
    const url = `http://${computerName}:5985/wsman`;
    const offered = [credential, proxyCredential].flatMap((one) => one?.username ?? []);
    const found = { url, port: 5985, at: 1, ms: 0, rungs: [], offered };
    const attempt = await beforeLogin?.(signal);
    if (credential) attempts.push(computerName);
    if (asLoggedOn) attempts.push(`${computerName} as logged on`);
    attempt?.[passwordOf(credential) === 'right' ? 'taken' : 'refused']();
    attempt?.ended();
    changed(found);
    return found;
  };

/** Two computers with a session each, which are removed by hand. */
export async function withTwoSessions(others: Partial<Pick<DeskDeps, 'openSample'>> = {}) {
  let end = () => {};
  const fixture = setup([], undefined, undefined, undefined, {
    open: () => ({
      list: async () => ({ sessions: [session], misses: [] }),
      remove: () => new Promise((resolve) => (end = resolve)),
      commands: async () => [],
      connect: () => Promise.reject(new Error('unused')),
      close: () => undefined,
    }),
    ...others,
  });
  const { handlers } = fixture.desk;
  await fixture.desk.start();
  await handlers['fleet.watch']({});
  await handlers['computer.add']({ text: 'srv1 srv2', ...PLAIN, signIn: { kind: 'loggedOn' } });
  await fixture.settled();
  const beginRemoval = async () => {
    const sessions = ['1', '2'].map((n) => ({
      ...{ computerId: `00000000-0000-4000-8000-00000000000${n}`, instanceId: session.instanceId },
      ...{ inUse: false, force: false },
    }));
    void handlers['session.remove']({ sessions });
    await fixture.settled();
  };
  return { ...fixture, beginRemoval, end: () => end() };
}
