import type { Value } from './value.ts';

/** One word of a command line after splitting, before anyone knows which parameters there are. */
export type Argument =
  | {
      readonly kind: 'name';
      /** Without its dash. */
      readonly name: string;
      /** The whole word, for when it turns out to be a value. */
      readonly text: string;
      /** What stood behind its colon. */
      readonly value?: Value;
      /** Written `--name`: the dashes inside do not count. */
      readonly isGnu?: boolean;
    }
  | { readonly kind: 'value'; readonly value: Value };
