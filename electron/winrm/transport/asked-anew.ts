const memories = new Set<() => void>();

/**
 * What is remembered until a person wants to know how it stands now, whatever the app asks by itself meanwhile: KDCs and
 * OCSP responders that did not answer, proxies that refused.
 */
export const untilAskedAnew = (forget: () => void): void => void memories.add(forget);

/** A person wants to know how it stands now: what did not answer, or refused, a moment ago is asked again. */
export function askedAnew(): void {
  for (const forget of memories) forget();
}
