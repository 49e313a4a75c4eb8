import * as z from 'zod/mini';
import { VersionedFile } from './versioned-file.ts';

/** What the app that ends has to say to whoever opens it next. */
export interface LastWords {
  /** What is kept anew takes the place of what this app kept before. @throws WinRMError as VersionedFile */
  keep(sentences: readonly string[]): Promise<void>;
  /** What others kept is said once, not what this app did; nothing where they cannot be read. */
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
  let own: readonly string[] = [];
  return {
    keep: async (sentences) => {
      await file.update((all) => {
        const others = all.sentences.filter((one) => !own.includes(one));
        return { sentences: [...others, ...sentences].slice(-MOST) };
      });
      own = sentences;
    },
    take: async () => {
      try {
        const { content } = await file.peek(); // mostly there is none, and nobody waits for a lock
        if (content.sentences.length === 0) return [];
        let taken: readonly string[] = [];
        await file.update(({ sentences }) => {
          taken = sentences.filter((one) => !own.includes(one));
          return { sentences: sentences.filter((one) => own.includes(one)) };
        });
        return taken;
      } catch {
        return [];
      }
    },
  };
}
