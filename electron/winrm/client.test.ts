import { describe, expect, test } from 'vitest';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { ask, echo, field, lost, SOAP } from './client-fixture.ts';
import { WSManClient } from './client.ts';
import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';
import type { Exchange } from './exchange.ts';

test('SessionId stays for the life of a client, MessageID and OperationID are new each time', async () => {
  const { asked, channel } = echo();
  const client = new WSManClient({ to: 'http://h/wsman', channel });
  await client.send(ask);
  await client.send(ask);
  const all = (name: string) => asked.map((soap) => field(soap, name));
  expect(new Set(all('p:SessionId')).size).toBe(1);
  expect(new Set([...all('a:MessageID'), ...all('p:OperationID')]).size).toBe(4);
  for (const id of all('a:MessageID')) expect(id).toMatch(/^uuid:[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
});

test('an earlier client is continued by its SessionId', async () => {
  const { asked, channel } = echo();
  await new WSManClient({ to: 'http://h/wsman', channel, sessionId: 'abc' }).send(ask);
  expect(field(asked[0] ?? '', 'p:SessionId')).toBe('uuid:ABC');
});

test('what may overtake takes a second channel while a Receive waits, opened once and closed with it', async () => {
  const first = echo();
  const second = echo();
  let opened = 0;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: Channel = {
    ...first.channel,
    post: (soap, signal) =>
      soap.includes('/Receive<')
        ? held.then(() => first.channel.post(soap, signal))
        : first.channel.post(soap, signal),
  };
  const openAnother = () => (opened++, second.channel);
  const client = new WSManClient({ to: 'http://h/wsman', channel: slow, openAnother });
  await client.send({ ...ask, overtakes: true });
  const waiting = client.send({ ...ask, action: 'Receive' });
  await client.send({ ...ask, overtakes: true });
  await client.send({ ...ask, overtakes: true });
  release();
  await waiting;
  await client.send({ ...ask, overtakes: true });
  client.close();
  expect([first.asked.length, second.asked.length, opened]).toEqual([4, 3, 1]);
  expect([first.asked.at(-1), second.asked.at(-1)]).toEqual(['closed', 'closed']);
});

test('a failed send is thrown inside the exchange, which may recover', async () => {
  function* recovering(): Exchange<string> {
    try {
      yield ask;
    } catch (error) {
      return error instanceof WinRMError ? error.kind : 'other';
    }
    return 'answered';
  }
  const channel: Channel = {
    post: () => Promise.reject(new WinRMError('unreachable', 'gone')),
    close: () => {},
  };
  expect(await new WSManClient({ to: 'http://h/wsman', channel }).run(recovering())).toBe('unreachable');
});

test('an aborted signal sends nothing, and ends what waits with its own reason', async () => {
  const { asked, channel } = echo();
  const stopped = new WinRMError('cancelled', 'You stopped it.');
  await expect(
    new WSManClient({ to: 'http://h/wsman', channel }).send(ask, AbortSignal.abort(stopped)),
  ).rejects.toBe(stopped);
  expect(asked).toEqual([]);
  const waiting: Channel = {
    post: (_, signal) =>
      new Promise((_done, fail) => signal.addEventListener('abort', () => fail(signal.reason as Error))),
    close: () => {},
  };
  const abort = new AbortController();
  const sent = new WSManClient({ to: 'http://h/wsman', channel: waiting }).send(ask, abort.signal);
  abort.abort(stopped);
  await expect(sent).rejects.toBe(stopped);
});

test('the answer to another request is refused', async () => {
  const channel: Channel = {
    post: () =>
      Promise.resolve(
        `<s:Envelope ${SOAP}><s:Header><a:RelatesTo>uuid:OTHER</a:RelatesTo></s:Header><s:Body/></s:Envelope>`,
      ),
    close: () => {},
  };
  await expect(new WSManClient({ to: 'http://h/wsman', channel }).send(ask)).rejects.toMatchObject({
    kind: 'protocol',
  });
});

/** Answers one request after the other, each after so long. */
function slowly(time: SimulatedTime, ms: number) {
  const { asked, channel } = echo();
  let last: Promise<unknown> = Promise.resolve();
  const slow: Channel = {
    ...channel,
    post: (soap, signal) => {
      const turn = last.then(async () => {
        await time.delay(ms, signal);
        signal.throwIfAborted();
        return channel.post(soap, signal);
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
  return { asked, slow };
}

test('time counts from a request’s turn, however long others took before it', async () => {
  const time = new SimulatedTime(0);
  const { slow } = slowly(time, 9_000);
  let opened = 0;
  const client = new WSManClient({
    to: 'http://h/wsman',
    channel: slow,
    openAnother: () => (opened++, slow),
    after: time.after,
  });
  const remove = { ...ask, action: 'Delete', operationTimeoutMs: 5_000, overtakes: true } as const;
  const all = Promise.allSettled(Array.from({ length: 32 }, () => client.send(remove)));
  await time.pass(32 * 9_000);
  expect(new Set((await all).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  expect(opened).toBe(0);
  const slower = slowly(time, 16_000).slow;
  const late = new WSManClient({ to: 'http://h/wsman', channel: slower, after: time.after }).send(remove);
  void late.catch(() => undefined);
  await time.pass(16_000);
  await expect(late).rejects.toMatchObject({ kind: 'timeout' });
});

test('what is given up before its turn fails at once, sends nothing, and holds nobody up', async () => {
  const time = new SimulatedTime(0);
  const { asked, slow } = slowly(time, 1_000);
  const client = new WSManClient({ to: 'http://h/wsman', channel: slow, after: time.after });
  const stopped = new WinRMError('cancelled', 'You stopped it.');
  const abort = new AbortController();
  const first = client.send(ask);
  const second = client.send(ask, abort.signal);
  const third = client.send(ask);
  abort.abort(stopped);
  await expect(second).rejects.toBe(stopped);
  await time.pass(2_000);
  await Promise.all([first, third]);
  expect(asked.length).toBe(2);
});

const receive = { ...ask, action: 'Receive' } as const;

/** Answers with the request's OperationID, as a computer does that keeps answers; the `lose` ones after the first are lost. */
function robust(
  lose: number,
  keeps = true,
  losing: (signal: AbortSignal) => Promise<unknown> = () => Promise.reject(lost),
) {
  const asked: string[] = [];
  const channel: Channel = {
    post: async (soap, signal) => {
      asked.push(soap);
      if (asked.length > 1 && asked.length <= 1 + lose) await losing(signal);
      const operation = keeps ? `<p:OperationID>${field(soap, 'p:OperationID')}</p:OperationID>` : '';
      return `<s:Envelope ${SOAP} xmlns:p="urn:p"><s:Header>${operation}</s:Header><s:Body/></s:Envelope>`;
    },
    close: () => undefined,
  };
  const time = new SimulatedTime(0);
  return { asked, time, client: new WSManClient({ to: 'http://h/wsman', channel, after: time.after }) };
}

test('a lost answer to Receive is asked for again under the same ids, marked as the same request', async () => {
  const { asked, time, client } = robust(3);
  await client.send(ask);
  let losses = 0;
  const received = client.send(receive, undefined, { lost: () => losses++ });
  await time.pass(60_000);
  await received;
  expect(losses).toBe(1);
  const tries = asked.slice(1);
  expect(new Set(tries.map((soap) => field(soap, 'a:MessageID'))).size).toBe(1);
  expect(new Set(tries.map((soap) => field(soap, 'p:OperationID'))).size).toBe(1);
  const marks = tries.map((soap) => /OperationID s:mustUnderstand="(\w+)"/.exec(soap)?.[1]);
  expect(marks).toEqual(['false', 'true', 'true', 'true']);
});

test.each([
  ['any other request', ask, true],
  ['a Receive of a computer that keeps no answers', receive, false],
])('%s is sent once', async (_, request, keeps) => {
  const { asked, client } = robust(1, keeps);
  await client.send(ask);
  await expect(client.send(request)).rejects.toBe(lost);
  expect(asked.length).toBe(2);
});

test('a network that does not come back is given up after a minute, at once when the client is closed', async () => {
  const { asked, time, client } = robust(Infinity);
  await client.send(ask);
  const given = client.send(receive).catch((error: unknown) => error);
  await time.pass(62_000);
  expect(await given).toBe(lost);
  expect(asked.length).toBe(9);
  const closed = client.send(receive).catch((error: unknown) => error);
  await time.pass(0);
  client.close();
  expect(await closed).toBe(lost);
  expect([asked.length, time.waiting]).toEqual([10, 0]);
});

test('an HTTP answer to a Receive is no lost one, and is not asked for again', async () => {
  const { channel } = echo();
  let asked = 0;
  const notFound = new WinRMError('unreachable', '404', { faultCode: 2150859027 });
  const post: Channel['post'] = (soap, signal) =>
    asked++ > 0 ? Promise.reject(notFound) : channel.post(soap, signal);
  const client = new WSManClient({ to: 'http://h/wsman', channel: { ...channel, post } });
  await client.send(ask);
  let losses = 0;
  await expect(client.send(receive, undefined, { lost: () => losses++ })).rejects.toBe(notFound);
  expect([asked, losses]).toEqual([2, 0]);
});

test('an answer to Receive that never comes is asked for again, once', async () => {
  const { asked, time, client } = robust(Infinity, true, (signal) =>
    time.delay(1e9, signal).then(() => signal.throwIfAborted()),
  );
  await client.send(ask);
  let losses = 0;
  const given = client.send(receive, undefined, { lost: () => losses++ }).catch((error: unknown) => error);
  await time.pass(190_000);
  expect([asked.length, losses]).toEqual([2, 1]);
  await time.pass(191_000);
  expect(await given).toMatchObject({ kind: 'timeout' });
  expect(asked.length).toBe(3);
  expect(new Set(asked.slice(1).map((soap) => field(soap, 'p:OperationID'))).size).toBe(1);
});

describe('that an answer may have been given is told of a try', () => {
  const refused = new WinRMError('unreachable', 'Nobody listens.', { network: 'before' });
  const never = (time: SimulatedTime, signal: AbortSignal) =>
    time.delay(1e9, signal).then(() => signal.throwIfAborted());
  const unheard = async (
    keeps: boolean,
    ...failures: ((...by: Parameters<typeof never>) => Promise<unknown>)[]
  ) => {
    let tries = 0;
    const { time, client } = robust(Infinity, keeps, (signal) =>
      (failures[tries++] ?? failures.at(-1)!)(time, signal),
    );
    await client.send(ask);
    let told = 0;
    const given = client.send(receive, undefined, { unheard: () => told++ }).catch(() => undefined);
    for (let i = 0; i < 12; i++) await time.pass(100_000);
    await given;
    return told;
  };
  const breaks = () => Promise.reject(lost);
  const refuses = () => Promise.reject(refused);

  test.each([
    ['that was broken off, or never answered', false, [breaks], 1],
    ['that was never answered', false, [never], 1],
    ['before others that were not carried out', true, [breaks, refuses], 1],
    ['between others that were not carried out', true, [refuses, breaks, refuses], 1],
    ['and of none that was surely not carried out', true, [refuses], 0],
    [
      'and of none to which HTTP answered',
      false,
      [() => Promise.reject(new WinRMError('protocol', '500'))],
      0,
    ],
  ] as const)('%s', async (_, keeps, failures, times) => {
    expect(await unheard(keeps, ...failures)).toBe(times);
  });
});

test('a repeated Receive has the time that is left by then, and says what it said', async () => {
  const { asked, time, client } = robust(Infinity, true, async (signal) => {
    await time.delay(asked.length === 2 ? 170_000 : 1e9, signal);
    signal.throwIfAborted();
    throw lost;
  });
  await client.send(ask);
  let ended: unknown;
  const leftMs = () => 180_000 - time.now();
  void client.send({ ...receive, leftMs }).catch((error: unknown) => (ended = error));
  await time.pass(170_500);
  await time.pass(10_500);
  expect(ended).toMatchObject({ kind: 'timeout' });
  const told = asked.slice(1).map((soap) => field(soap, 'w:OperationTimeout'));
  expect(told).toEqual(['PT180.000S', 'PT180.000S']);
});

test('what is left stands in place of a request’s own time', async () => {
  const { asked, channel } = echo();
  const client = new WSManClient({ to: 'http://h/wsman', channel });
  await client.send({ ...ask, operationTimeoutMs: 20_000 });
  await client.send({ ...ask, operationTimeoutMs: 20_000, leftMs: () => 9_000 });
  const told = asked.map((soap) => field(soap, 'w:OperationTimeout'));
  expect(told).toEqual(['PT20.000S', 'PT9.000S']);
});
