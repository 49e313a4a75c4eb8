import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';

/**
 * A channel that is opened by its first post. So sockets, TLS and sign-in are read when something is to be sent, and
 * not by who only starts, or asks the sample fleet.
 */
export function lateChannel(open: () => Promise<Channel>): Channel {
  const refuseIfClosed = () => {
    if (isClosed) throw new WinRMError('cancelled', 'The connection was closed.');
  };
  let opened: Promise<Channel> | undefined;
  let now: Channel | undefined;
  let isClosed = false;
  return {
    get signIn() {
      return now?.signIn;
    },
    post: async (soap, signal, limit) => {
      refuseIfClosed();
      opened ??= open();
      const channel = (now = await opened);
      signal.throwIfAborted();
      refuseIfClosed();
      return channel.post(soap, signal, limit);
    },
    close: () => {
      isClosed = true;
      void opened?.then(
        (channel) => channel.close(),
        () => undefined,
      );
      // Who remembers a closed client need not keep all that it had open.
      opened = now = undefined;
    },
  };
}
