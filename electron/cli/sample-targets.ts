import { setTimeout as sleep } from 'node:timers/promises';
import { SampleFleet } from '../simulator/fleet.ts';
import type { Probe } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { CommandIO } from './io.ts';
import type { Request } from './request.ts';
import { targetOfName } from './target.ts';
import type { Target } from './target.ts';

export interface SampleTargets {
  readonly targets: readonly Target[];
  readonly channelTo: NonNullable<CommandIO['channelTo']>;
  /** What lies before its sign-in. */
  readonly probeTo: (target: Target) => () => Probe;
}

/** The sample fleet, whole or as far as it was named. It is made anew for each run. @throws BindingError for a name that it does not have */
export function sampleTargets({ targets }: Request, { now }: CommandIO): SampleTargets {
  const delay = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });
  const fleet = new SampleFleet({ now, delay });
  const { computers } = fleet;
  const find = (name: string) =>
    computers.find((one) => one.computerName.toLowerCase() === name.toLowerCase());
  const stranger = targets.find(({ computerName }) => !find(computerName));
  if (stranger) {
    throw new BindingError(
      'NotInSampleFleet',
      `The sample fleet has no computer '${stranger.computerName}'. \`pssm Get-PSSession --sample\` lists it.`,
    );
  }
  return {
    targets:
      targets.length > 0 ? targets : computers.map(({ computerName }) => targetOfName(computerName, {})),
    channelTo: ({ computerName, options }) => {
      const computer = find(computerName);
      return computer && (() => computer.channel({ options }));
    },
    probeTo:
      ({ computerName, options }) =>
      () =>
        fleet.find(computerName).probe({ options }),
  };
}
