import type { PSSession } from '../../shared/session.ts';

/** ECMA-262's time value: beyond this there is no date, and a computer may say any span of time. A day is for the zone. */
const LAST_MS = 8.64e15 - 86_400_000;

/** By the clock of this machine, as PowerShell has them, which is its offset from UTC behind: `2026-01-01T01:30:00.000+01:00`. */
function time(ms: number | undefined): string | null {
  if (ms === undefined || Math.abs(ms) > LAST_MS) return null;
  const offset = -Math.round(new Date(ms).getTimezoneOffset());
  const clock = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(offset);
  return `${clock}${offset < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

/** A session with PowerShell's property names. Times are ISO 8601 with their offset from UTC, spans milliseconds, sizes bytes; what is unknown, or no date, is null. */
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
