import { join } from 'node:path';
import { LoginGuard } from '../login-guard.ts';
import type { Gate } from '../login-guard.ts';
import { createClientStore } from '../store/clients.ts';
import { AuditLog } from '../store/audit-log.ts';
import { diagnoseComputer, openComputer, WinRMError } from '../winrm/index.ts';
import type { AnyCredential, Credential, OpenOptions } from '../winrm/index.ts';
import { accountsFor } from './accounts.ts';
import type { Account } from './accounts.ts';
import { appFolder } from './app-folder.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import type { Binding } from './binding/bind.ts';
import { cmdletOf, readCommandLine } from './command-line.ts';
import { connectSessions } from './connect-sessions.ts';
import type { Context } from './context.ts';
import { disconnectSessions } from './disconnect-sessions.ts';
import { endRun } from './end-run.ts';
import { LeaveAtEnd } from './leave-at-end.ts';
import { helpText } from './help.ts';
import { LOGGED_ON } from './credential.ts';
import type { CommandIO } from './io.ts';
import { lostOutput } from './lost-output.ts';
import { getSessions } from './list-sessions.ts';
import { newSessions } from './new-sessions.ts';
import { proxyAccountsFor } from './proxy-accounts.ts';
import { receiveSession } from './receive-session.ts';
import { removeSessions } from './remove-sessions.ts';
import { actionFailure, Reporter } from './report.ts';
import { toRequest } from './request.ts';
import type { Request } from './request.ts';
import { SavedCredentials } from './saved-credentials.ts';
import { followingTo } from './following-to.ts';
import type { SampleTargets } from './sample-targets.ts';
import { savedTargets } from './saved-targets.ts';
import { plainText } from './plain-text.ts';
import { RunsInside } from './runs-inside.ts';
import { runsFile, stateFile } from './state-file.ts';
import type { Target } from './target.ts';
import { tellRevocation } from './tell-sign-in.ts';
import { notLeftOf } from './told-at-end.ts';
import { testWSMan } from './test-wsman.ts';
import { TraceFile } from './trace-file.ts';
import { version } from '../../package.json';

const COMMANDS: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  'Get-PSSession': getSessions,
  'New-PSSession': newSessions,
  'Connect-PSSession': connectSessions,
  'Receive-PSSession': receiveSession,
  'Disconnect-PSSession': disconnectSessions,
  'Remove-PSSession': removeSessions,
  'Test-WSMan': testWSMan,
};

/** One run of `pssm`. @returns the exit code: 0 all answered, 1 something failed or it was stopped, 2 wrong usage */
export async function run(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    const line = readCommandLine(argv);
    switch (line.kind) {
      case 'help':
        return help(line.topic, io);
      case 'version':
        io.stdout.write(`pssm ${version}\n`);
        return 0;
      case 'simulate':
        return await (await import('./simulate.ts')).simulate(line.argv, io);
      case 'cmdlet':
        return await runCmdlet(line.cmdlet, line.binding, io);
    }
  } catch (error) {
    if (io.signal.aborted) {
      if (!lostOutput(io.signal)) io.stderr.write('Stopped.\n');
      return 1;
    }
    if (error instanceof BindingError) {
      refuse(argv, error, io);
      return 2;
    }
    const cmdlet = cmdletOf(argv);
    if (!cmdlet || !(error instanceof WinRMError)) throw error;
    // Before anybody was asked: a file of this machine's that could not be read.
    new Reporter(cmdlet, io.stderr, false).error(actionFailure(undefined, error, '', 'InvalidOperation'));
    return 1;
  }
}

function help(topic: string | undefined, { stdout, stderr }: CommandIO): number {
  const text = helpText(topic);
  if (text === undefined) stderr.write(`pssm: there is no help for '${topic}'.\n`);
  else stdout.write(text);
  return text === undefined ? 2 : 0;
}

function refuse(argv: readonly string[], error: BindingError, { stderr }: CommandIO): void {
  const cmdlet = cmdletOf(argv);
  if (!cmdlet) stderr.write(`pssm: ${error.message}\n`);
  else
    new Reporter(cmdlet, stderr, false).error({
      message: error.message,
      errorId: error.errorId,
      hints: error.hints,
    });
}

async function runCmdlet(cmdlet: Cmdlet, binding: Binding, io: CommandIO): Promise<number> {
  const request = toRequest(binding, cmdlet.name === 'New-PSSession');
  requireSelection(cmdlet, request);
  const report = new Reporter(cmdlet, io.stderr, request.silent);
  for (const sentence of request.warnings) report.warn(sentence);
  const sample = request.sample
    ? (await import('./sample-targets.ts')).sampleTargets(request, io) // read by nobody else
    : undefined;
  const warn = (sentence: string) => report.warn(sentence);
  const targets =
    sample?.targets ?? (request.profile ? await savedTargets(request.profile, io, warn) : request.targets);
  const saved = new SavedCredentials(io, warn);
  const isSimulated = sample !== undefined || io.channelTo !== undefined;
  const accountOf = isSimulated ? undefined : await accountsFor(cmdlet, request, targets, { io, saved });
  const proxyOf = isSimulated ? undefined : await proxyAccountsFor(request, targets, { io, saved });
  const guard = new LoginGuard();
  const gateOf = (target: Target) => {
    const credential = credentialOf(accountOf?.(target));
    return credential && guard.of(credential).gate;
  };
  const log = new AuditLog(join(appFolder(io), 'audit.jsonl'), { trouble: () => undefined }); // said at the end, when it is certain
  const held = new LeaveAtEnd(io.insisted);
  const [notLeft, perhapsRemoved] = [new Set<string>(), new Set<string>()];
  const perhapsMade: Context['perhapsMade'] = new Map();
  const runs = new RunsInside(runsFile(io), io, warn);
  const traces = request.trace === undefined ? undefined : await TraceFile.create(request.trace, io.now);
  const channelTo = sample?.channelTo ?? io.channelTo;
  const opened = opening(io, report, { accountOf, proxyOf, gateOf }, { channelTo, notLeft, perhapsMade });
  const optionsOf = traced(
    (target, sessionId) => ({ ...opened(target, sessionId), ...tellRevocation({ request, report }, target) }),
    traces,
  );
  const context: Context = {
    cmdletName: cmdlet.name,
    request,
    targets,
    io,
    report,
    store: createClientStore(stateFile(io), io.now, warn),
    runs,
    held,
    notLeft,
    perhapsRemoved,
    perhapsMade,
    open: (target, sessionId) => openComputer(optionsOf(target, sessionId)),
    diagnose: diagnosing(io, accountOf, optionsOf, sample?.probeTo),
    gateOf,
    userNameOf: (target) => credentialOf(accountOf?.(target))?.username ?? request.userName ?? '',
    audit: (entry) => void (sample || log.append(entry)), // nothing is done to the sample fleet
  };
  try {
    await COMMANDS[cmdlet.name]?.(context);
  } catch (error) {
    if (!io.signal.aborted) throw error;
  } finally {
    await endRun({ held, runs, log, traces, report, stderr: io.stderr });
  }
  if (io.signal.aborted) io.stderr.write(stopped(io, perhapsRemoved));
  return report.failed || io.signal.aborted ? 1 : 0;
}

/** Nobody heard what became of the last request. */
function stopped({ signal }: CommandIO, perhapsRemoved: ReadonlySet<string>): string {
  // Who stops reading knows that.
  if (perhapsRemoved.size === 0) return lostOutput(signal) ? '' : 'Stopped.\n';
  return `Stopped. The computer may have removed ${plainText([...perhapsRemoved].join(', '))} all the same.\n`;
}

/** Undefined for whoever is logged on, and for whom nothing is known of. */
const credentialOf = (account: Account | undefined): AnyCredential | undefined =>
  account === LOGGED_ON || account instanceof WinRMError ? undefined : account;

/** PowerShell ends or leaves sessions of its own process only; here nothing less than a selection may do so. */
function requireSelection({ name }: Cmdlet, { filter }: Request): void {
  const isSelected = filter.name !== undefined || filter.instanceId !== undefined;
  if (isSelected || !/^(?:Receive|Disconnect|Remove)-/.test(name)) return;
  throw new BindingError(
    'MissingMandatoryParameter',
    `${name} needs -Name or -InstanceId: without one it would mean every session there, of everybody.`,
  );
}

interface SignIns {
  readonly accountOf: ((target: Target) => Account) | undefined;
  readonly proxyOf: ((target: Target) => Credential | undefined) | undefined;
  readonly gateOf: (target: Target) => Gate | undefined;
}

/** Who may not be signed in is diagnosed up to there. */
function diagnosing(
  io: CommandIO,
  accountOf: SignIns['accountOf'],
  optionsOf: (target: Target) => OpenOptions,
  probeTo: SampleTargets['probeTo'] | undefined,
): Context['diagnose'] {
  return (target) => {
    const account = accountOf?.(target);
    const { computerName, endpoint, options } = target;
    const probe = probeTo?.(target);
    const how =
      account instanceof WinRMError
        ? { computerName, endpoint, options, noSignIn: account }
        : optionsOf(target);
    return diagnoseComputer({ ...how, ...(probe && { probe }) }, io.signal);
  };
}

function traced(optionsOf: OptionsOf, traces: TraceFile | undefined): OptionsOf {
  if (!traces) return optionsOf;
  return (target, sessionId) => ({ ...optionsOf(target, sessionId), trace: traces.of(target.url) });
}

type OptionsOf = (target: Target, sessionId?: string) => OpenOptions;

interface Heard extends Pick<Context, 'notLeft' | 'perhapsMade'> {
  readonly channelTo: CommandIO['channelTo'];
}

/** How a computer is opened. @throws WinRMError why it is not asked */
function opening(
  io: CommandIO,
  report: Reporter,
  { accountOf, proxyOf, gateOf }: SignIns,
  { channelTo, notLeft, perhapsMade }: Heard,
): OptionsOf {
  return (target, sessionId) => {
    const { computerName, endpoint, options } = target;
    const channel = channelTo?.(target);
    const account = accountOf?.(target);
    if (account instanceof WinRMError) throw account;
    const credential = credentialOf(account);
    const gate = gateOf(target);
    return {
      computerName,
      endpoint,
      options,
      now: io.now,
      onNotLeft: (session, mayBeGone) => {
        notLeft.add(session.instanceId);
        report.warn(notLeftOf(target, session, mayBeGone));
      },
      onPerhapsMade: ({ instanceId }, left) => void perhapsMade.set(instanceId, left),
      onWarning: (sentence) => report.warn(`[${computerName}] ${sentence}`),
      ...(credential ? { credential } : {}),
      proxyCredential: proxyOf?.(target),
      ...(target.redirection ? { mayRedirect: followingTo(target.redirection.to) } : {}),
      ...(gate ? { beforeLogin: gate.before } : {}),
      ...(channel ? { channel } : {}),
      ...(sessionId === undefined ? {} : { sessionId }),
    };
  };
}
