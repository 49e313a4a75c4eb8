const SAMPLE = '--sample';

export const wantsSample = (argv: readonly string[]): boolean => argv.includes(SAMPLE);

/** With what an app that is just ending comes back: as it was started, but with the fleet that the second start asks for. */
export const argsAgain = (own: readonly string[], second: readonly string[]): string[] => [
  ...own.slice(1).filter((one) => one !== SAMPLE),
  ...(wantsSample(second) ? [SAMPLE] : []),
];
