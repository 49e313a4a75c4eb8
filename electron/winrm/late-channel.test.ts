import { expect, test } from 'vitest';
import type { Channel } from './client.ts';
import { lateChannel } from './late-channel.ts';

const { signal } = new AbortController();

function counted() {
  const done = { opened: 0, closed: 0, posted: [] as string[] };
  const channel: Channel = {
    post: async (soap) => {
      done.posted.push(soap);
      return `${soap}!`;
    },
    close: () => void done.closed++,
  };
  const open = async () => {
    done.opened++;
    return channel;
  };
  return { done, late: lateChannel(open) };
}

test('it is opened once, by the first post, and posts keep their order', async () => {
  const { done, late } = counted();
  expect(done.opened).toBe(0);
  expect(await Promise.all([late.post('a', signal), late.post('b', signal)])).toEqual(['a!', 'b!']);
  expect(done).toEqual({ opened: 1, closed: 0, posted: ['a', 'b'] });
});

test('closed before anything was sent, it opens nothing, and later posts say so', async () => {
  const { done, late } = counted();
  late.close();
  await expect(late.post('a', signal)).rejects.toMatchObject({ kind: 'cancelled' });
  expect(done).toEqual({ opened: 0, closed: 0, posted: [] });
});

test('closed or given up while it opens, nothing is sent and the channel is closed', async () => {
  const { done, late } = counted();
  const giving = new AbortController();
  const posts = [late.post('a', giving.signal), late.post('b', signal)].map((post) =>
    post.catch((error: unknown) => error),
  );
  giving.abort('enough');
  late.close();
  expect(await Promise.all(posts)).toEqual(['enough', expect.objectContaining({ kind: 'cancelled' })]);
  expect(done.posted).toEqual([]);
  expect(done.closed).toBeGreaterThan(0);
});

test('a failure to open is that of the post', async () => {
  const late = lateChannel(() => Promise.reject(new Error('no')));
  await expect(late.post('a', signal)).rejects.toThrow('no');
  late.close();
});
