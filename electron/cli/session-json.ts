import type { PSSession } from '../../shared/session.ts';

/** ECMA-262's time value: beyond this there is no date, and a computer may say any span of time. */
const LAST_MS = 8.64e15;

const time = (ms: number | undefined): string | null =>
  ms !== undefined && Math.abs(ms) <= LAST_MS ? new Date(ms).toISOString() : null;

/** A session with PowerShell's property names. Times are ISO 8601, spans milliseconds, sizes bytes; what is unknown, or no date, is null. */
export function sessionJson(session: PSSession): Record<string, unknown> {
  const { shell } = session;
  return {
    Id: session.id,
    Name: session.name,
    ComputerName: session.computerName,
    ComputerType: 'RemoteMachine',
    State: session.state,
    Availability: session.availability,
    ConfigurationName: session.configurationName,
    InstanceId: session.instanceId,
    Transport: 'WSMan',
    DisconnectedOn: time(session.disconnectedOn),
    ExpiresOn: time(session.expiresOn),
    Owner: shell.owner ?? null,
    ClientIP: shell.clientIP ?? null,
    ProcessId: shell.processId ?? null,
    MemoryUsed: shell.memoryUsedBytes ?? null,
    ChildProcesses: shell.childProcesses ?? null,
    ShellRunTime: shell.shellRunTimeMs ?? null,
    ShellInactivity: shell.shellInactivityMs ?? null,
    IdleTimeout: shell.idleTimeoutMs ?? null,
    MaxIdleTimeout: shell.maxIdleTimeoutMs ?? null,
    BufferMode: shell.bufferMode ?? null,
    ...(session.unlisted ? { Unlisted: session.unlisted } : {}),
  };
}
