/**
 * Says in one line what is not tested here and why; gives the reason back.
 *
 * @param what what the tests prove, as a noun
 */
export function announceSkip(what: string, missing: string | undefined): string | undefined {
  if (missing !== undefined) process.stdout.write(`skipped: ${what}: ${missing}\n`);
  return missing;
}
