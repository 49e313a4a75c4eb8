import * as z from 'zod/mini';
import { ACT_WORDS, outcomeInWords, underWay } from '../../shared/act-words.ts';
import type { BulkAct } from '../../shared/bulk-act.ts';
import { count } from '../../shared/figures.ts';
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

/** Of an act that runs, should the app be killed. */
export function ifKilledInWords({ kind, asked }: BulkAct): string {
  const doing = `${ACT_WORDS[kind].doing.toLowerCase()} ${count(asked, 'session')}`;
  const logged = asked === 1 ? ONE_LOGGED : 'The audit log has those on which it had been tried.';
  return `The app ended by force while it was ${doing}. ${logged}`;
}

/** Of an act that the app's end cut short, as far as is known. */
export function unfinishedInWords(act: BulkAct, { wasStopped }: { readonly wasStopped: boolean }): string {
  const { doing } = ACT_WORDS[act.kind];
  const sessions = act.asked === 1 ? 'a session' : 'sessions';
  const what = wasStopped
    ? `${doing} ${sessions} was stopped before the app was closed`
    : `The app was closed while it was ${doing.toLowerCase()} ${sessions}`;
  return `${what}: ${outcomeInWords(act)}. ${loggedInWords(act)}`;
}

/** What has no answer is not logged, nor is what was gone, or could not be tried, when its turn came. */
function loggedInWords(act: BulkAct): string {
  const isSure = underWay(act) + act.failed + act.gone === 0;
  if (act.asked === 1) return isSure ? 'The audit log has it.' : ONE_LOGGED;
  return isSure
    ? 'The audit log has each of them.'
    : 'The audit log has those on which it was tried to the end.';
}

const ONE_LOGGED = 'The audit log has it only if it was tried to the end.';
