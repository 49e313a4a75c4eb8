import * as z from 'zod/mini';
import { VersionedFile } from './versioned-file.ts';

/** What the app that ends has to say to whoever opens it next. */
export interface LastWords {
  /** @throws WinRMError as VersionedFile */
  keep(sentences: readonly string[]): Promise<void>;
  /** They are said once; nothing where they cannot be read. */
  take(): Promise<readonly string[]>;
}

interface Content {
  readonly sentences: readonly string[];
}

const NONE: Content = { sentences: [] };
const MOST = 20;
const schema = z.object({
  sentences: z.array(z.string().check(z.maxLength(1_000))).check(z.maxLength(MOST)),
});

export function openLastWords(path: string): LastWords {
  const file = new VersionedFile<Content>(path, {
    what: 'What the app said when it was closed',
    version: 1,
    empty: NONE,
    parse: (value) => schema.safeParse(value).data,
  });
  return {
    keep: async (more) => {
      await file.update(({ sentences }) => ({ sentences: [...sentences, ...more].slice(-MOST) }));
    },
    take: async () => {
      try {
        const { content } = await file.peek(); // mostly there is none, and nobody waits for a lock
        if (content.sentences.length > 0) await file.update(() => NONE);
        return content.sentences;
      } catch {
        return [];
      }
    },
  };
}
