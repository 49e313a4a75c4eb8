import type { PSSession } from '../../shared/session.ts';

/** A session with PowerShell's property names. Times are ISO 8601, spans milliseconds, sizes bytes; what is unknown is null. */
export function sessionJson(session: PSSession): Record<string, unknown> {
  const { shell } = session;
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
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
