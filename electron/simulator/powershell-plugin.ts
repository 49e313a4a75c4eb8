import { Defragmenter } from '../winrm/psrp/fragment.ts';
import { decodeMessage } from '../winrm/psrp/message.ts';
import type { Message } from '../winrm/psrp/message.ts';
import { sessionCapability, POOL_STATES } from '../winrm/psrp/runspace-pool.ts';
import { property, psObject } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import { applicationPrivateData } from './application-private-data.ts';
import type { Surroundings } from './computer.ts';
import { Fault, pluginFault } from './fault.ts';
import { hasHost } from './host-calls.ts';
import { Incoming } from './incoming.ts';
import { MessageWriter } from './message-writer.ts';
import type { ObjectIds } from './message-writer.ts';
import type { OutputQueue } from './output-queue.ts';
import { Pipeline } from './pipeline.ts';
import type { Pool } from './pipeline.ts';
import type { CommandPlugin, ShellPlugin, SimulatedCommand } from './shell.ts';
import { withoutWaits } from './step.ts';
import type { Steps } from './step.ts';

/** WSManPluginErrorCodes.PluginConnectOperationFailed. */
const CONNECT_FAILED = 2152992675;
const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';
const I64 = (value: number): PSValue => BigInt(value);

/** A PowerShell session inside a shell: the server's side of a runspace pool (MS-PSRP 3.2). */
export class PowerShellPlugin implements ShellPlugin, Pool {
  readonly #output: OutputQueue;
  readonly #around: Surroundings;
  readonly #writer: MessageWriter;
  readonly #incoming: Incoming;
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #waiting: (() => void)[] = [];
  hasHost = false;
  applicationArguments: PSValue = null;
  #protocolVersion = '2.3';
  #minRunspaces = 1;
  #maxRunspaces = 1;
  #running = 0;

  constructor(poolId: string, output: OutputQueue, around: Surroundings, ids: ObjectIds) {
    this.#output = output;
    this.#around = around;
    this.#writer = new MessageWriter(ids, poolId);
    this.#incoming = new Incoming(output, (message) => this.#take(message));
  }

  receive(bytes: Uint8Array): void {
    this.#incoming.receive(bytes);
  }

  connect(bytes: Uint8Array): Uint8Array {
    const messages = readAll(bytes);
    const capability = messages.find(({ messageType }) => messageType === 'SESSION_CAPABILITY');
    const pool = messages.find(({ messageType }) => messageType === 'CONNECT_RUNSPACEPOOL');
    if (!capability || !pool)
      throw new Fault(pluginFault(CONNECT_FAILED, 'Data is missing from connectXml. '));
    const min = property(pool.data, 'MinRunspaces');
    const max = property(pool.data, 'MaxRunspaces');
    if (
      typeof min === 'number' &&
      min !== this.#minRunspaces &&
      typeof max === 'number' &&
      max !== this.#maxRunspaces
    ) {
      throw new Fault(
        pluginFault(
          CONNECT_FAILED,
          'The server failed the connect on a mismatch of the runspace pool properties. ',
        ),
      );
    }
    this.#protocolVersion = versionOf(capability);
    for (const pipeline of this.#pipelines.values()) pipeline.endInput();
    const answer = [
      ...this.#writer.fragments('SESSION_CAPABILITY', sessionCapability(this.#protocolVersion)),
      // PowerShell's server hands them over in the wrong order, so they are swapped on the wire.
      ...this.#writer.fragments(
        'RUNSPACEPOOL_INIT_DATA',
        psObject({ extended: { MinRunspaces: this.#maxRunspaces, MaxRunspaces: this.#minRunspaces } }),
      ),
    ];
    this.#sayPrivateData();
    return Buffer.concat(answer);
  }

  createCommand(commandId: string, output: OutputQueue): CommandPlugin {
    const pipeline = new Pipeline(commandId, output, this.#writer, this.#around, this);
    this.#pipelines.set(commandId, pipeline);
    return pipeline;
  }

  /** Lets a command do what nobody asked for over the wire, from the moment that somebody listens. */
  script(command: SimulatedCommand, steps: () => Steps): void {
    command.output.beforeFirstRead(() =>
      this.#pipelines.get(command.commandId)?.start(command.isFinished ? withoutWaits(steps()) : steps()),
    );
  }

  close(): void {
    this.#output.complete();
    for (const pipeline of this.#pipelines.values()) pipeline.close();
  }

  async enter(): Promise<void> {
    if (this.#running >= this.#maxRunspaces)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }

  leave(): void {
    this.#running--;
    this.#waiting.shift()?.();
  }

  #take(message: Message): void {
    const { messageType, data } = message;
    switch (messageType) {
      case 'SESSION_CAPABILITY':
        this.#protocolVersion = versionOf(message);
        return this.#sayCapability();
      case 'INIT_RUNSPACEPOOL':
        return this.#open(data);
      case 'SET_MAX_RUNSPACES':
        this.#maxRunspaces = count(data, 'MaxRunspaces');
        return this.#respond(data, true);
      case 'SET_MIN_RUNSPACES':
        this.#minRunspaces = count(data, 'MinRunspaces');
        return this.#respond(data, true);
      case 'GET_AVAILABLE_RUNSPACES':
        return this.#respond(data, I64(Math.max(0, this.#maxRunspaces - this.#running)));
      case 'RESET_RUNSPACE_STATE':
        return this.#respond(data, this.#maxRunspaces === 1);
      default:
        return;
    }
  }

  #open(data: PSValue | undefined): void {
    this.hasHost = hasHost(data);
    this.applicationArguments = property(data, 'ApplicationArguments') ?? null;
    this.#minRunspaces = count(data, 'MinRunspaces');
    this.#maxRunspaces = count(data, 'MaxRunspaces');
    if (this.#minRunspaces > this.#maxRunspaces)
      throw new Error('The minimum pool size cannot be greater than the maximum pool size.');
    this.#sayPrivateData();
    this.#writer.write(
      this.#output,
      'RUNSPACEPOOL_STATE',
      psObject({ extended: { RunspaceState: POOL_STATES.indexOf('Opened') } }),
    );
  }

  #sayCapability(): void {
    // The first message is said before the pool has its id.
    this.#output.write(
      this.#writer.fragments(
        'SESSION_CAPABILITY',
        sessionCapability(this.#protocolVersion),
        undefined,
        EMPTY_GUID,
      ),
    );
  }

  #sayPrivateData(): void {
    this.#writer.write(
      this.#output,
      'APPLICATION_PRIVATE_DATA',
      applicationPrivateData(this.#protocolVersion),
      undefined,
      true,
    );
  }

  #respond(data: PSValue | undefined, answer: PSValue): void {
    const ci = property(data, 'ci') ?? I64(0);
    this.#writer.write(
      this.#output,
      'RUNSPACE_AVAILABILITY',
      psObject({ extended: { SetMinMaxRunspacesResponse: answer, ci } }),
    );
  }
}

function readAll(bytes: Uint8Array): Message[] {
  try {
    return new Defragmenter().receive(bytes).map(decodeMessage);
  } catch (error) {
    throw new Fault(pluginFault(CONNECT_FAILED, error instanceof Error ? error.message : String(error)));
  }
}

/** The server says the client's version, 2.1 to 2.4. */
function versionOf({ data }: Message): string {
  const value = property(data, 'protocolversion');
  const version = typeof value === 'object' && value?.type === 'Version' ? value.value : '';
  if (!/^2\.[1-4]$/.test(version))
    throw new Error(`The protocol version ${version} is not supported by the server.`);
  return version;
}

function count(data: PSValue | undefined, name: string): number {
  const value = property(data, name);
  if (typeof value !== 'number' || value < 1) throw new Error(`The pool's ${name} is not valid.`);
  return value;
}
