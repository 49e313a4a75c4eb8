const memories = new Set<() => void>();

/** What is remembered until a person wants to know how it stands now, whatever the app asks by itself meanwhile. */
export const untilAskedAnew = (forget: () => void): void => void memories.add(forget);

/** A person wants to know. */
export function askedAnew(): void {
  for (const forget of memories) forget();
}
