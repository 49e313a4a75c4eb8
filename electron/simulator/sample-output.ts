export type OutputName = 'backup' | 'patch' | 'certificates' | 'inventory' | 'failing';

export function sampleOutput(name: OutputName, _now: number): unknown {
  return name;
}
