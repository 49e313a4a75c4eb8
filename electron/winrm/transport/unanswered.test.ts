import { afterEach, expect, test } from 'vitest';
import { ACTIONS } from '../wsman/request.ts';
import type { Action } from '../wsman/request.ts';
import { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import { reply } from './liar-fixture.ts';
import { listening } from './login-fixture.ts';
import { LostProof } from './lost-proof.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const never = new AbortController().signal;
const soap = (action: Exclude<Action, 'Identify'>) =>
  `<s:Envelope><s:Header><a:Action>${ACTIONS[action]}</a:Action></s:Header><s:Body></s:Body></s:Envelope>`;
const ANSWER = reply('200 OK', 'Content-Type: application/soap+xml\r\n', '<ok/>');
const BROKEN = '127.0.0.1 broke the connection off before its answer was complete.';
const MAY_HAVE = 'Refresh before you repeat an action: it may or may not have been carried out.';
const CHANGED_NOTHING = 'Ask again: whatever became of the question, it changed nothing.';

/**
 * Answers so many requests on each connection, by its number, and breaks off under the next.
 *
 * @param half what it says of that next answer
 */
async function closing(answered: (connection: number) => number, half = '') {
  const counts = new Map<number, number>();
  const { endpoint, state } = await requestServer((socket, _, connection) => {
    const count = (counts.get(connection) ?? 0) + 1;
    counts.set(connection, count);
    if (count <= answered(connection)) socket.write(ANSWER);
    else if (half) socket.end(half);
    else socket.resetAndDestroy();
  });
  const { heard, beforeLogin } = listening();
  const lostProof = new LostProof();
  const options = { authentication: 'Basic', allowBasicOverHttp: true, beforeLogin, lostProof } as const;
  const channel = openChannel(endpoint, LOGIN, options);
  const ask = (action: Exclude<Action, 'Identify'>) =>
    channel.post(soap(action), never).catch((error: unknown) => {
      if (!(error instanceof WinRMError)) throw error;
      return [error.message, error.info.remedy?.text];
    });
  return { ask, state, heard, lostProof };
}

test('a question on a connection that closes under it is asked once more, with one new sign-in', async () => {
  const { ask, state, heard, lostProof } = await closing(() => 1);
  expect([await ask('Enumerate'), await ask('Enumerate'), await ask('Get')]).toEqual(
    Array.from({ length: 3 }, () => '<ok/>'),
  );
  expect(state).toEqual({ connections: 3, requests: 5 });
  expect(heard.filter((what) => what === 'asked')).toHaveLength(3);
  expect(lostProof.isOut).toBe(false);
});

test('no question is asked a third time, and its failure names no action', async () => {
  const { ask, state } = await closing((connection) => (connection === 1 ? 1 : 0));
  await ask('Enumerate');
  expect(await ask('Enumerate')).toEqual([BROKEN, CHANGED_NOTHING]);
  expect(state).toEqual({ connections: 2, requests: 3 });
});

test('nor is one on a connection that has not answered yet, where the account may be what it breaks off at', async () => {
  const { ask, state, lostProof } = await closing(() => 0);
  expect(await ask('Enumerate')).toEqual([
    `${BROKEN} It was shown the password by then, which may count as a try of a wrong one.`,
    expect.stringContaining('Check the account before you try again'),
  ]);
  expect(state).toEqual({ connections: 1, requests: 1 });
  expect(lostProof.isOut).toBe(true);
});

test.each([
  'H',
  'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<ok',
])('nor one whose answer had begun: %j', async (half) => {
  const { ask, state } = await closing(() => 1, half);
  await ask('Enumerate');
  expect(await ask('Enumerate')).toEqual([BROKEN, CHANGED_NOTHING]);
  expect(state).toEqual({ connections: 1, requests: 2 });
});

test.each([
  ['Pull', CHANGED_NOTHING],
  ['Receive', MAY_HAVE],
  ['Create', MAY_HAVE],
  ['Disconnect', MAY_HAVE],
  ['Delete', MAY_HAVE],
] as const)('%s is not asked again: it may have been carried out', async (action, remedy) => {
  const { ask, state } = await closing(() => 1);
  await ask('Enumerate');
  expect(await ask(action)).toEqual([BROKEN, remedy]);
  expect(state).toEqual({ connections: 1, requests: 2 });
});
