import type { Surroundings } from './computer.ts';
import { Fault, FAULTS } from './fault.ts';
import type { OutputQueue } from './output-queue.ts';
import type { CommandPlugin, ShellPlugin, SimulatedCommand } from './shell.ts';

/** A PowerShell session inside a shell. */
export class PowerShellPlugin implements ShellPlugin {
  constructor(_poolId: string, _output: OutputQueue, _around: Surroundings) {}
  open(): void {}
  receive(): void {}
  script(_command: SimulatedCommand, _steps: unknown): void {}
  connect(): Uint8Array {
    throw new Fault(FAULTS.unsupportedAction);
  }
  createCommand(): CommandPlugin {
    return { receive: () => undefined, stop: () => undefined, close: () => undefined };
  }
  close(): void {}
}
