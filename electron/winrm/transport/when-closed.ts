import type { Socket } from 'node:net';

/**
 * Calls once the connection is closed, also where that has been already: what signs in may end on a thread of its own,
 * after the event. Not within the same turn, since an answer behind which the computer closes is opened before.
 */
export function whenClosed(socket: Socket, call: () => void): void {
  const later = () => void setImmediate(call);
  if (socket.closed) later();
  else socket.once('close', later);
}
