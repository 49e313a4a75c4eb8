/** Longer than this nobody else waits for one text. Milliseconds. */
const SLICE_MS = 4;

const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Gives the others their turn as soon as a slice is used up. */
export function createPauses(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since = now();
  return () => {
    if (now() - since < SLICE_MS) return undefined;
    return breath().then(() => void (since = now()));
  };
}

/**
 * As JSON.stringify with two spaces, for an object with long lists, in slices: to write thousands of computers must not
 * stop what the window waits for.
 */
export async function serialise(value: Readonly<Record<string, unknown>>): Promise<string> {
  const pause = createPauses();
  const parts: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const text = Array.isArray(member) ? await list(member, pause) : indented(member, 2);
    parts.push(`  ${JSON.stringify(name)}: ${text}`);
  }
  return parts.length === 0 ? '{}\n' : `{\n${parts.join(',\n')}\n}\n`;
}

async function list(items: readonly unknown[], pause: () => Promise<void> | undefined): Promise<string> {
  if (items.length === 0) return '[]';
  const parts: string[] = [];
  for (const item of items) {
    parts.push(`    ${indented(item, 4)}`);
    await pause();
  }
  return `[\n${parts.join(',\n')}\n  ]`;
}

const indented = (value: unknown, spaces: number): string =>
  JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
