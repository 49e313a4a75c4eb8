import type { Message, MessageType } from '../winrm/psrp/message.ts';
import { psObject } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import { PIPELINE_STATES } from '../winrm/psrp/pipeline.ts';
import type { Surroundings } from './computer.ts';
import { hasHost, hostCallFor } from './host-calls.ts';
import { Incoming } from './incoming.ts';
import type { MessageWriter } from './message-writer.ts';
import type { OutputQueue } from './output-queue.ts';
import { readPipeline } from './read-pipeline.ts';
import { errorRecord } from './records.ts';
import type { CommandPlugin } from './shell.ts';
import { ScriptError } from './step.ts';
import type { RecordStream, Step, Steps } from './step.ts';

const STOPPING_MS = 50;
const NEVER = new AbortController().signal;
/** What PowerShell takes as one object. */
const MAXIMUM_OBJECT_BYTES = 10_485_760;

const MESSAGE_OF: Readonly<Record<RecordStream, MessageType>> = {
  output: 'PIPELINE_OUTPUT',
  error: 'ERROR_RECORD',
  warning: 'WARNING_RECORD',
  verbose: 'VERBOSE_RECORD',
  debug: 'DEBUG_RECORD',
  information: 'INFORMATION_RECORD',
  progress: 'PROGRESS_RECORD',
};

/** What a pipeline needs of its pool. */
export interface Pool {
  readonly hasHost: boolean;
  /** What its client gave when it made the pool; $null where it gave nothing. */
  readonly applicationArguments: PSValue;
  /** Lets so many pipelines run at once; the others wait their turn. */
  enter(): Promise<void>;
  leave(): void;
}

/** One pipeline on the computer: what the client sends in, what it does, what it says. */
export class Pipeline implements CommandPlugin {
  readonly #writer: MessageWriter;
  readonly #output: OutputQueue;
  readonly #around: Surroundings;
  readonly #pool: Pool;
  readonly #incoming: Incoming;
  readonly #ending = new AbortController();
  readonly #input: PSValue[] = [];
  readonly #inputEnded: Promise<void>;
  #endOfInput: () => void = () => undefined;
  #pipelineId: string;
  #stopped = false;
  #hasHost = false;

  constructor(
    pipelineId: string,
    output: OutputQueue,
    writer: MessageWriter,
    around: Surroundings,
    pool: Pool,
  ) {
    this.#pipelineId = pipelineId;
    this.#output = output;
    this.#writer = writer;
    this.#around = around;
    this.#pool = pool;
    const maximumObjectBytes = MAXIMUM_OBJECT_BYTES;
    this.#incoming = new Incoming(output, (message) => this.#take(message), { maximumObjectBytes });
    this.#inputEnded = new Promise((resolve) => (this.#endOfInput = resolve));
  }

  receive(bytes: Uint8Array): void {
    this.#incoming.receive(bytes);
  }

  /** Runs what nobody sent over the wire. */
  start(steps: Steps): void {
    void this.#run(steps);
  }

  /** Another client is there now: the one that would have sent more input is gone. */
  endInput(): void {
    this.#endOfInput();
  }

  /** Done once the last words had time to arrive: PowerShell's client takes a pipeline for failed whose Signal ends before its state came. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#ending.abort();
    return this.#around.delay(STOPPING_MS, NEVER);
  }

  close(): void {
    this.#output.complete();
    this.#ending.abort();
  }

  #take({ messageType, pipelineId, data }: Message): void {
    switch (messageType) {
      case 'CREATE_PIPELINE': {
        this.#pipelineId = pipelineId ?? this.#pipelineId;
        this.#hasHost = hasHost(data, this.#pool.hasHost);
        const { applicationArguments } = this.#pool;
        const senderInfo = psObject({ adapted: { ApplicationArguments: applicationArguments } });
        const { steps, noInput } = readPipeline(data ?? null, this.#around.now, senderInfo);
        if (noInput) this.#endOfInput();
        return this.start(steps);
      }
      case 'PIPELINE_INPUT':
        this.#input.push(data ?? null);
        return;
      case 'END_OF_PIPELINE_INPUT':
        return this.#endOfInput();
      default:
        return;
    }
  }

  async #run(steps: Steps): Promise<void> {
    await this.#pool.enter();
    try {
      let answer: readonly PSValue[] = [];
      while (!this.#ending.signal.aborted) {
        const step = steps.next(answer);
        if (step.done) return this.#end('Completed');
        answer = (await this.#do(step.value)) ?? [];
      }
      if (this.#stopped) this.#end('Stopped', STOPPED);
    } catch (error) {
      this.#end('Failed', error instanceof ScriptError ? error.record : brokenScript(error));
    } finally {
      this.#pool.leave();
    }
  }

  async #do(step: Step): Promise<readonly PSValue[] | undefined> {
    switch (step.kind) {
      case 'wait':
        await this.#around.delay(step.ms, this.#ending.signal);
        return undefined;
      case 'input':
        await Promise.race([this.#inputEnded, aborted(this.#ending.signal)]);
        return this.#input;
      case 'record':
        // A null in the output has no body.
        this.#say(MESSAGE_OF[step.stream], step.value ?? undefined);
        this.#tellHost(step.stream, step.value);
        if (this.#output.isFull) await Promise.race([this.#output.drained(), aborted(this.#ending.signal)]);
        return undefined;
    }
  }

  #tellHost(stream: RecordStream, value: PSValue): void {
    const call = this.#hasHost ? hostCallFor(stream, value) : undefined;
    if (call) this.#say('PIPELINE_HOST_CALL', call);
  }

  #end(state: 'Completed' | 'Failed' | 'Stopped', error?: PSValue): void {
    const reason = error === undefined ? {} : { ExceptionAsErrorRecord: error };
    this.#say(
      'PIPELINE_STATE',
      psObject({ extended: { PipelineState: PIPELINE_STATES.indexOf(state), ...reason } }),
    );
    this.#output.complete();
  }

  #say(messageType: MessageType, data: PSValue | undefined): void {
    this.#writer.write(this.#output, messageType, data, this.#pipelineId);
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const STOPPED = errorRecord({
  message: 'The pipeline has been stopped.',
  id: 'PipelineStopped',
  category: ['OperationStopped', 14],
  exception: [
    'System.Management.Automation.PipelineStoppedException',
    'System.Management.Automation.RuntimeException',
    'System.SystemException',
  ],
});

const brokenScript = (error: unknown) =>
  errorRecord({
    message: error instanceof Error ? error.message : String(error),
    id: 'SimulatedComputer',
    exception: ['System.Management.Automation.RuntimeException'],
  });
