import { WinRMError } from '../error.ts';
import type { Channel } from '../client.ts';

/** What a client and a computer said, in order, and where it comes from. */
export interface Transcript {
  readonly origin: string;
  readonly exchanges: readonly { readonly action: string; readonly response: string }[];
}

/**
 * Channels that answer as it was answered then, for as long as the same actions are asked in the same order. An answer
 * relates to the request of now, not of then.
 */
export function playTranscript({ exchanges }: Transcript): () => Channel {
  const left = [...exchanges];
  return () => ({
    post: async (soap) => {
      const action = /<a:Action[^>]*>[^<]*\/(\w+)</.exec(soap)?.[1];
      const next = left.shift();
      const messageId = /<a:MessageID[^>]*>([^<]*)</.exec(soap)?.[1] ?? '';
      if (next && next.action === action)
        return next.response.replace(/(?<=<a:RelatesTo>)[^<]*/, () => messageId);
      throw new WinRMError('internal', `The transcript goes on with ${next?.action}, not with ${action}.`);
    },
    close: () => undefined,
  });
}
