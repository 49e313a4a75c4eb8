const SCHEME = /^(?:https?:\/*|[a-z][a-z\d+.-]*:\/\/)/i;

/** A name or URI as it may be shown: what stands where a password would, before an `@`, is not. */
export function masked(text: string): string {
  const [scheme = ''] = SCHEME.exec(text) ?? [];
  return scheme + text.slice(scheme.length).replace(/^([^:/@]*):.*@/s, '$1:***@');
}
