import { expect, test } from 'vitest';
import { sendInPieces } from './send-in-pieces.ts';

function sending() {
  const sent: string[] = [];
  const turns: (() => void)[] = [];
  const sender = sendInPieces({
    send: (event, json) => sent.push(`${event} ${json}`),
    othersFirst: (goOn) => turns.push(goOn),
  });
  const play = () => {
    let count = 0;
    for (let turn = turns.shift(); turn; turn = turns.shift(), count++) turn();
    return count;
  };
  return { ...sender, whenSent: sender.sent, sent, play, turns };
}

const list = (length: number) =>
  Array.from({ length }, (_, i) => ({ i, text: `],[ "${i}"`, none: undefined }));

test('what is short is sent at once', () => {
  const { sent, send, play } = sending();
  send('one', { a: 1 });
  send('few', list(32));
  send('none', []);
  expect(sent).toEqual(['one {"a":1}', `few ${JSON.stringify(list(32))}`, 'none []']);
  expect(play()).toBe(0);
});

test.each([33, 64, 65, 1_000])(
  'a list of %i is the same text, and others have their turn in between',
  (length) => {
    const { sent, send, play } = sending();
    send('many', list(length));
    expect(sent).toEqual([]);
    expect(play()).toBe(Math.ceil(length / 32));
    expect(sent).toEqual([`many ${JSON.stringify(list(length))}`]);
  },
);

test('nothing overtakes a list that is being written, and nothing is lost behind two of them', () => {
  const { sent, send, play } = sending();
  for (const [event, what] of [
    ['a', list(100)],
    ['b', 1],
    ['c', list(50)],
    ['d', 2],
  ] as const)
    send(event, what);
  expect(sent).toEqual([]);
  play();
  expect(sent.map((one) => one[0])).toEqual(['a', 'b', 'c', 'd']);
  send('e', 3);
  expect(sent.at(-1)).toBe('e 3');
});

test('who waits until all is sent waits for what was handed in before, and for nothing else', async () => {
  const { sent, send, whenSent, turns } = sending();
  await whenSent();
  send('a', list(100));
  send('b', 1);
  const seen = whenSent().then(() => sent.map((one) => one[0]));
  send('c', list(50));
  while (sent.length < 2) turns.shift()?.();
  expect(await seen).toEqual(['a', 'b']);
});
