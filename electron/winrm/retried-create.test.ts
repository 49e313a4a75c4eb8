import { describe, expect, test } from 'vitest';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { ask, echo, lost } from './client-fixture.ts';
import { WSManClient } from './client.ts';
import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';
import type { WinRMErrorOptions } from './error.ts';

describe('the creation of a session', () => {
  const create = { ...ask, action: 'Create' } as const;
  /** Fails so often with this number, then answers. */
  const failing = (times: number, faultCode: number, maxConnectionRetryCount?: number) => {
    const { asked, channel } = echo();
    const post: Channel['post'] = (soap, signal) =>
      asked.length < times
        ? (asked.push(soap), Promise.reject(new WinRMError('unreachable', 'gone', { faultCode })))
        : channel.post(soap, signal);
    const time = new SimulatedTime(0);
    const client = new WSManClient({
      to: 'http://h/wsman',
      channel: { ...channel, post },
      after: time.after,
      ...(maxConnectionRetryCount !== undefined && { maxConnectionRetryCount }),
    });
    return { asked, time, client };
  };

  test.each([2150858770, 995, 1722, 2150859027, 2150859216, 2150859206, 2150859026, 2150859120])(
    'is tried again after %i, five times unless it is said otherwise',
    async (faultCode) => {
      const { asked, time, client } = failing(5, faultCode);
      const made = client.send(create);
      await time.pass(5_000);
      await made;
      expect(asked).toHaveLength(6);
    },
  );

  test.each([
    [0, 1],
    [2, 3],
  ])('is tried again %i times where that is MaxConnectionRetryCount', async (most, requests) => {
    const { asked, time, client } = failing(9, 2150858770, most);
    const made = client.send(create).catch((error: unknown) => error);
    await time.pass(9_000);
    expect(await made).toMatchObject({ kind: 'unreachable' });
    expect(asked).toHaveLength(requests);
  });

  test.each([
    ['a refusal', create, 5],
    ['a Connect', { ...ask, action: 'Connect' } as const, 2150858770],
    ['a query', { ...ask, action: 'Enumerate' } as const, 2150858770],
  ])('alone is tried again: %s is not', async (_, request, faultCode) => {
    const { asked, client } = failing(1, faultCode);
    await expect(client.send(request)).rejects.toMatchObject({ faultCode });
    expect(asked).toHaveLength(1);
  });

  /** Fails with one after the other. @returns with what it was given up */
  const failingWith = async (errors: WinRMError[], lost?: () => void) => {
    const channel: Channel = { post: () => Promise.reject(errors.shift()), close: () => undefined };
    const time = new SimulatedTime(0);
    const client = new WSManClient({ to: 'http://h/wsman', channel, after: time.after });
    const made = client.send(create, undefined, { ...(lost && { lost }) }).catch((error: unknown) => error);
    await time.pass(1_000);
    return made;
  };

  test.each([
    ['broke off', lost],
    ['is a gateway’s', new WinRMError('protocol', 'HTTP 504', { faultCode: 2150859120 })],
    ['is a proxy’s', new WinRMError('unreachable', 'HTTP 502', { faultCode: 2150858770 })],
  ])('whose answer %s is lost, though the computer then says that it is there', async (_, first) => {
    const refused = new WinRMError('fault', 'It exists already.', { faultCode: 2150858779 });
    const errors = [first, refused];
    let losses = 0;
    expect(await failingWith(errors, () => losses++)).toBe(first);
    expect([errors, losses]).toEqual([[], 1]);
  });

  test.each<[string, WinRMErrorOptions]>([
    ['HTTP 503', { faultCode: 2150859026 }],
    ['HTTP 404', { faultCode: 2150859027 }],
    ['a connection that did not come about', { faultCode: 2150858770, network: 'before' }],
  ])('%s is no lost answer: what the computer says after it is what is told', async (_, info) => {
    const refused = new WinRMError('fault', 'The quota is used up.', { faultCode: 2150859173 });
    let losses = 0;
    const errors = [new WinRMError('unreachable', 'gone', info), refused];
    expect(await failingWith(errors, () => losses++)).toBe(refused);
    expect(losses).toBe(0);
  });

  test('is given up when the client is closed', async () => {
    const { asked, time, client } = failing(9, 2150858770);
    const made = client.send(create).catch((error: unknown) => error);
    await time.pass(500);
    client.close();
    expect(await made).toMatchObject({ kind: 'unreachable' });
    expect(asked.filter((soap) => soap !== 'closed')).toHaveLength(1);
  });
});
