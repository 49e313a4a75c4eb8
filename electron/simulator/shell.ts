import type { Xml } from '../winrm/xml.ts';
import { NAMESPACES, POWERSHELL_PREFIX, duration } from '../winrm/wsman/request.ts';
import { xml } from '../winrm/xml.ts';
import { daysToSeconds } from './duration.ts';
import { Fault, FAULTS } from './fault.ts';
import type { FaultForm } from './fault.ts';
import { OutputQueue } from './output-queue.ts';

/** What a shell says of itself and keeps. Spans are milliseconds. */
export interface ShellSettings {
  /** A GUID; by it the selectors find the shell, capitals and all. */
  readonly shellId: string;
  readonly name?: string | undefined;
  readonly resourceUri: string;
  readonly owner: string;
  readonly clientIP: string;
  readonly processId: number;
  readonly memoryUsedMB: number;
  readonly childProcesses: number;
  readonly locale: string;
  readonly dataLocale: string;
  readonly profileLoaded: boolean;
  readonly idleTimeoutMs: number;
  readonly bufferMode: 'Block' | 'Drop';
  /** The `p:SessionId` of the client that has it; of a disconnected one, of the last. */
  readonly sessionId: string;
  /** Elements that this shell keeps to itself, as shells of old computers do. */
  readonly omits?: readonly string[];
  /** Asked for its commands, it answers with this fault. */
  readonly commandsFault?: FaultForm;
}

/** How a running thing inside a command is reached; the shell's plugin makes it. */
export interface CommandPlugin {
  /** Data of the Command's arguments and of Send. */
  receive(bytes: Uint8Array, stream: string): void;
  /** ctrl-C: the pipeline says its last words. */
  stop(): Promise<void>;
  /** Ends it without a word. */
  close(): void;
}

/** What lives inside a shell: a PowerShell session. */
export interface ShellPlugin {
  receive(bytes: Uint8Array, stream: string): void;
  /** connectXml to connectResponseXml. */
  connect(bytes: Uint8Array): Uint8Array;
  createCommand(commandId: string, output: OutputQueue): CommandPlugin;
  close(): void;
}

export class SimulatedCommand {
  readonly commandId: string;
  readonly commandLine: string;
  readonly output: OutputQueue;
  readonly plugin: CommandPlugin;
  #finished = false;

  constructor(commandId: string, commandLine: string, output: OutputQueue, plugin: CommandPlugin) {
    this.commandId = commandId;
    this.commandLine = commandLine;
    this.output = output;
    this.plugin = plugin;
  }

  /** True as soon as it ended, even if what it said is made only when somebody listens. */
  get isFinished(): boolean {
    return this.#finished || this.output.isDone;
  }

  /** It came to its end while nobody listened. */
  finish(): void {
    this.#finished = true;
  }

  describe(): Xml {
    const line = this.commandLine
      ? xml`<rsp:CommandLine>${this.commandLine}</rsp:CommandLine>`
      : xml`<rsp:CommandLine/>`;
    return xml`<rsp:Command xmlns:rsp="${NAMESPACES.rsp}"><rsp:CommandId>${this.commandId}</rsp:CommandId>${line}<rsp:CommandState>${this.isFinished ? 'Done' : 'Running'}</rsp:CommandState></rsp:Command>`;
  }
}

type Changes = Partial<
  Pick<
    ShellSettings,
    'sessionId' | 'idleTimeoutMs' | 'bufferMode' | 'clientIP' | 'memoryUsedMB' | 'childProcesses'
  >
>;

const MAX_IDLE_TIMEOUT_MS = 2_147_483_647;
/** Per command, while nobody reads it. */
const BUFFER_BYTES = 1 << 20;

/** One shell (MS-WSMV 3.1.1.1): who has it, since when it idles, which commands it runs. */
export class SimulatedShell {
  readonly output = new OutputQueue();
  readonly commands = new Map<string, SimulatedCommand>();
  readonly createdOn: number;
  plugin: ShellPlugin | undefined;
  settings: ShellSettings;
  connected = true;
  readonly #now: () => number;
  #lastActiveOn: number;
  #requests = 0;
  #attended = false;

  constructor(settings: ShellSettings, now: () => number, createdOn = now(), lastActiveOn = now()) {
    this.settings = settings;
    this.#now = now;
    this.createdOn = createdOn;
    this.#lastActiveOn = lastActiveOn;
  }

  get isPowerShell(): boolean {
    return this.settings.resourceUri.toLowerCase().startsWith(POWERSHELL_PREFIX);
  }

  get inactivityMs(): number {
    return this.#requests > 0 || this.#attended ? 0 : this.#now() - this.#lastActiveOn;
  }

  /** Marks the shell as in use until the returned function is called; idle time counts from then. */
  use(): () => void {
    this.#requests++;
    return () => {
      this.#requests--;
      this.#lastActiveOn = this.#now();
    };
  }

  /** A client that sends no requests here waits for output from now on, as PowerShell's does, until `disconnect`. */
  attend(): void {
    this.#attended = true;
  }

  change(changes: Changes): void {
    this.settings = { ...this.settings, ...changes };
    for (const command of this.commands.values())
      command.output.dropWhenFull = this.settings.bufferMode === 'Drop';
  }

  addCommand(commandId: string, commandLine: string): SimulatedCommand {
    if (this.commands.has(commandId)) throw new Fault(FAULTS.commandIdConflict);
    if (!this.plugin) throw new Fault(FAULTS.unsupportedAction);
    const output = new OutputQueue(BUFFER_BYTES);
    output.dropWhenFull = this.settings.bufferMode === 'Drop';
    const command = new SimulatedCommand(
      commandId,
      commandLine,
      output,
      this.plugin.createCommand(commandId, output),
    );
    this.commands.set(commandId, command);
    return command;
  }

  /** The client lets go, or is gone: every Receive that waits ends. */
  disconnect(): void {
    this.connected = false;
    if (this.#attended) this.#lastActiveOn = this.#now();
    this.#attended = false;
    this.#suspend(FAULTS.streamDisconnected);
  }

  /** The shell's own stream flows again; each command is connected by itself. */
  reconnect(): void {
    this.output.resume();
    this.connected = true;
  }

  close(): void {
    this.#suspend(FAULTS.aborted);
    for (const command of this.commands.values()) command.plugin.close();
    this.plugin?.close();
  }

  #suspend(reason: FaultForm): void {
    this.output.suspend(reason);
    for (const command of this.commands.values()) command.output.suspend(reason);
  }

  /**
   * `rsp:Shell`, its elements in Windows' order.
   *
   * @param withUsage memory and processes: in an enumeration, not in the answer to Create
   */
  describe(withUsage: boolean): Xml {
    const { settings } = this;
    const elements: [string, string | undefined][] = [
      ['ShellId', settings.shellId],
      ['Name', settings.name],
      ['ResourceUri', settings.resourceUri],
      ['Owner', settings.owner],
      ['ClientIP', settings.clientIP],
      ['ProcessId', String(settings.processId)],
      ['IdleTimeOut', duration(settings.idleTimeoutMs)],
      ['InputStreams', this.isPowerShell ? 'stdin pr' : 'stdin'],
      ['OutputStreams', this.isPowerShell ? 'stdout' : 'stdout stderr'],
      ['MaxIdleTimeOut', duration(MAX_IDLE_TIMEOUT_MS)],
      ['Locale', settings.locale],
      ['DataLocale', settings.dataLocale],
      ['CompressionMode', 'NoCompression'],
      ['ProfileLoaded', settings.profileLoaded ? 'Yes' : 'No'],
      ['Encoding', 'UTF8'],
      ['BufferMode', settings.bufferMode],
      ['State', this.connected ? 'Connected' : 'Disconnected'],
      ['ShellRunTime', daysToSeconds(this.#now() - this.createdOn)],
      ['ShellInactivity', daysToSeconds(this.inactivityMs)],
      ...(withUsage
        ? ([
            ['MemoryUsed', `${settings.memoryUsedMB}MB`],
            ['ChildProcesses', String(settings.childProcesses)],
          ] satisfies [string, string][])
        : []),
    ];
    const shown = elements.filter(([name, value]) => value !== undefined && !settings.omits?.includes(name));
    return xml`<rsp:Shell xmlns:rsp="${NAMESPACES.rsp}">${shown.map(([name, value]) => {
      const tag = { markup: `rsp:${name}` };
      return xml`<${tag}>${value}</${tag}>`;
    })}</rsp:Shell>`;
  }
}
