import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import type { Misbehaviour } from '../simulator/misbehaviour.ts';
import { WinRMError } from './error.ts';
import type { WinRMErrorOptions } from './error.ts';
import { actionOf, CALLER, NEW, NewSessionLab } from './new-session-fixture.ts';
import { primitiveDictionary } from './psrp/primitive-dictionary.ts';

let lab: NewSessionLab;
beforeEach(() => {
  lab = new NewSessionLab();
});

const refusedConnection = () =>
  new WinRMError('unreachable', 'Nothing listens.', { faultCode: 2150858770, network: 'before' });

describe('of a session that fails nothing is left:', () => {
  /** Nothing is there any more, and nobody need wonder. */
  const expectNothing = () => expect([lab.computer.shells.all, lab.perhaps]).toEqual([[], []]);

  test('the computer refuses it, and it is not asked to delete what is not there', async () => {
    const refused = lab.client().create({ ...NEW, configurationName: 'Nothing' });
    await expect(refused).rejects.toMatchObject({
      faultCode: 2150858811,
      message:
        'The WS-Management service cannot process the request. Cannot find the Nothing session configuration in the WSMan: drive on the web01 computer.',
    });
    expect(lab.actions()).toEqual(['Create']);
  });

  test('the other code that PowerShell calls InvalidResourceUri keeps the computer’s own words, as there', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150858754 } });
    await expect(lab.client().create(NEW)).rejects.toMatchObject({
      faultCode: 2150858754,
      message: expect.not.stringContaining('session configuration') as string,
    });
  });

  test('the answer is lost, and the computer then has something against a second one', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({
      kind: 'unreachable',
      info: { remedy: { text: 'Try again: nothing is left of this session.' } },
    });
    expect(lab.actions()).toEqual(['Create', 'Create', 'Delete']);
    expectNothing();
  });

  test('a gateway gave the computer up, and the computer then has something against a second one', async () => {
    lab.lostAs = () => new WinRMError('protocol', 'HTTP 504', { faultCode: 2150859120 });
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({ faultCode: 2150859120 });
    expect(lab.actions()).toEqual(['Create', 'Create', 'Delete']);
    expectNothing();
  });

  test.each<[string, WinRMErrorOptions]>([
    ['HTTP 503', { faultCode: 2150859026 }],
    ['HTTP 404', { faultCode: 2150859027 }],
  ])(
    'a gateway says %s to one that was carried out, and the computer then has it already',
    async (_, info) => {
      lab.lostAs = () => new WinRMError('unreachable', 'No service.', info);
      lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
      await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({
        faultCode: 2150859223,
        info: { isFault: true, remedy: { text: 'Try again: nothing is left of this session.' } },
      });
      expect(lab.actions()).toEqual(['Create', 'Create', 'Delete']);
      expectNothing();
    },
  );

  test('a service that stays stopped is taken at its word: no Delete, no warning', async () => {
    lab.lostAs = () => new WinRMError('unreachable', 'HTTP 503', { faultCode: 2150859026 });
    lab.wrong({ action: 'Create', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({ faultCode: 2150859026 });
    expect(lab.actions()).toEqual(['Create', 'Create']);
    expectNothing();
  });

  test('one was carried out that the computer said it broke off, and it then has it already', async () => {
    lab.lostAs = () => new WinRMError('fault', 'Broken off.', { faultCode: 995, isFault: true });
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({ kind: 'fault' });
    expect(lab.actions()).toEqual(['Create', 'Create', 'Delete']);
    expectNothing();
  });

  test('the service starts late and has no room: one Delete makes sure, without waiting or a word', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 995 } });
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859173 } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({
      faultCode: 2150859173,
      info: { remedy: { text: expect.stringContaining('raise the quota') as string } },
    });
    expect(lab.actions()).toEqual(['Create', 'Create', 'Delete']);
    expectNothing();
  });

  test('nobody listened to the first one: what the computer has against the second was before it', async () => {
    let creates = 0;
    lab.onTheWay = (action) => {
      if (action === 'Create' && ++creates === 1) throw refusedConnection();
    };
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859173 } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({ faultCode: 2150859173 });
    expect(lab.actions()).toEqual(['Create', 'Create']);
    expectNothing();
  });

  test.each<[string, () => WinRMError]>([
    ['nobody listened', () => refusedConnection()],
    ['no service was there', () => new WinRMError('unreachable', 'HTTP 503', { faultCode: 2150859026 })],
  ])('%s, and it is stopped before the second try: there is none to delete', async (_, failure) => {
    const stop = new AbortController();
    lab.onTheWay = (action) => {
      if (action !== 'Create') return;
      lab.time.after(300, () => stop.abort(new Error('stopped')));
      throw failure();
    };
    await expect(lab.settled(lab.client().create(NEW, stop.signal))).rejects.toThrow('stopped');
    expect(lab.actions()).toEqual(['Create']);
    expectNothing();
  });

  test('the answer is lost, and it is stopped before the second try: it is deleted', async () => {
    const stop = new AbortController();
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    lab.onTheWay = (action) =>
      void (action === 'Create' && lab.time.after(300, () => stop.abort(new Error('stopped'))));
    await expect(lab.settled(lab.client().create(NEW, stop.signal))).rejects.toThrow('stopped');
    expect(lab.actions()).toEqual(['Create', 'Delete']);
    expectNothing();
  });

  test('the answer is lost, and nobody is there for the second try, but is for the Delete', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859026 } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toThrow();
    expect(lab.actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test.each<Misbehaviour>([
    { action: 'Create', times: 1, wrong: { kind: 'garbage', text: 'no XML' } },
    { action: 'Create', times: 1, wrong: { kind: 'wrongRelatesTo' } },
    { action: 'Create', times: 1, wrong: { kind: 'truncated' } },
    { action: 'Receive', times: 1, wrong: { kind: 'fault', code: 2152992672 } },
    { action: 'Receive', times: 1, wrong: { kind: 'garbage', text: 'no XML' } },
  ])('%o', async (misbehaviour) => {
    lab.wrong(misbehaviour);
    await expect(lab.settled(lab.client().create(NEW))).rejects.toThrow();
    expect(lab.actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test('the pool is not open within OpenTimeout', async () => {
    lab.wrong({ action: 'Receive', wrong: { kind: 'fault', code: 2150858793 } });
    lab.onTheWay = (action) => void (action === 'Receive' && lab.time.pass(300));
    await expect(
      lab.settled(lab.client({ make: { openTimeoutMs: 1_000 } }).create(NEW)),
    ).rejects.toMatchObject({
      kind: 'timeout',
    });
    expectNothing();
  });

  test('OpenTimeout runs from the first question to the open pool, tries of the Create and all', async () => {
    lab.wrong({ action: 'Create', wrong: { kind: 'fault', code: 2150859026 } });
    const began = lab.time.now();
    await expect(
      lab.settled(lab.client({ make: { openTimeoutMs: 3_000 } }, 9).create(NEW)),
    ).rejects.toMatchObject({
      faultCode: 2150859026,
    });
    expect(lab.actions().filter((action) => action === 'Create').length).toBeLessThanOrEqual(3);
    expect(lab.time.now() - began).toBeLessThanOrEqual(4_000);
  });

  test('each step has what is left of OpenTimeout', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859026 } });
    await lab.settled(lab.client({ make: { openTimeoutMs: 9_000 } }).create(NEW));
    const given = (action: string) =>
      lab.asked
        .filter((soap) => actionOf(soap) === action)
        .map((soap) => Number(/<w:OperationTimeout>PT([\d.]+)S/.exec(soap)?.[1]));
    expect(given('Create')[0]).toBe(9);
    expect(given('Create')[1]).toBeLessThanOrEqual(8);
    expect(given('Receive')[0]).toBeLessThanOrEqual(8);
  });

  test('a computer that never answers the first question is given up after OpenTimeout, and asked for nothing', async () => {
    lab.wrong({ action: 'Identify', wrong: { kind: 'slow', ms: 3_600_000 } });
    const began = lab.time.now();
    await expect(
      lab.settled(lab.client({ make: { openTimeoutMs: 5_000 } }).create(NEW)),
    ).rejects.toMatchObject({
      kind: 'timeout',
    });
    expect(lab.time.now() - began).toBeLessThanOrEqual(8_000);
    expect(lab.actions()).toEqual([]);
  });

  test.each(['Create', 'Receive'])('it is stopped while its %s is out', async (action) => {
    const stop = new AbortController();
    lab.onTheWay = (one) => void (one === action && queueMicrotask(() => stop.abort(new Error('stopped'))));
    await expect(lab.settled(lab.client().create(NEW, stop.signal))).rejects.toThrow('stopped');
    expect(lab.actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test('it is stopped before anything is sent', async () => {
    await expect(lab.client().create(NEW, AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
    expect(lab.actions()).toEqual([]);
  });

  test('the computer chose another id, as WinRM 2.0 does', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'wrongId' } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toMatchObject({ kind: 'protocol' });
    expectNothing();
  });
});

describe('where nobody knows whether it is there, that is said:', () => {
  test('the answer to the Delete is lost, too', async () => {
    lab.wrong({ action: 'Create', wrong: { kind: 'dropped', carriedOut: true } });
    lab.wrong({ action: 'Delete', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(lab.settled(lab.client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(lab.perhaps).toEqual(['made: perhaps']);
  });

  test('the Create was cut off and may be on its way still: it is asked for within five seconds', async () => {
    lab.wrong({ action: 'Create', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(lab.settled(lab.client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(lab.actions()).toEqual(['Create', ...Array<string>(5).fill('Delete')]);
    expect(lab.perhaps).toEqual(['made: perhaps']);
  });

  test('and removed where it comes there in that time', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: false } });
    let deletes = 0;
    lab.onTheWay = (action) => {
      if (action !== 'Delete' || ++deletes !== 2) return;
      const late = openSimulatedChannel(lab.computer, CALLER, { delay: lab.time.delay, latencyMs: () => 0 });
      const create = lab.asked.find((soap) => actionOf(soap) === 'Create') ?? '';
      void late.post(create, new AbortController().signal);
    };
    await expect(lab.settled(lab.client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect([lab.computer.shells.all, lab.perhaps]).toEqual([[], []]);
  });

  test('the computer has something against the second try, and the Delete is refused', async () => {
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 995 } });
    lab.wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859173 } });
    lab.wrong({ action: 'Delete', wrong: { kind: 'fault', code: 5 } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toThrow();
    expect(lab.perhaps).toEqual(['made: perhaps']);
  });

  test('it was made and does not open, and the answer to the Delete is lost', async () => {
    lab.wrong({ action: 'Receive', wrong: { kind: 'fault', code: 2152992672 } });
    lab.wrong({ action: 'Delete', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toThrow();
    expect(lab.perhaps).toEqual(['made: made']);
  });

  test('it was made and does not open, and the Delete is refused: it is there', async () => {
    lab.wrong({ action: 'Receive', wrong: { kind: 'fault', code: 2152992672 } });
    lab.wrong({ action: 'Delete', wrong: { kind: 'fault', code: 5 } });
    await expect(lab.settled(lab.client().create(NEW))).rejects.toThrow();
    expect(lab.perhaps).toEqual(['made: there']);
  });
});

describe('an HTTP answer without a service behind it', () => {
  /** Answers this request so, as a web server or http.sys does. */
  const answering = (action: string, info: WinRMErrorOptions) => {
    lab.onTheWay = (one) => {
      if (one === action) throw new WinRMError('unreachable', 'No service.', info);
    };
  };

  test.each<WinRMErrorOptions>([
    { faultCode: 2150859026 },
    { faultCode: 2150859027 },
    { location: 'http://b/' },
  ])('to the first question ends it: no Create shows the account again (%o)', async (info) => {
    answering('', info);
    await expect(lab.client().create(NEW)).rejects.toMatchObject({ kind: 'unreachable' });
    expect([lab.actions(), lab.perhaps]).toEqual([[], []]);
  });

  test.each<WinRMErrorOptions>([
    { faultCode: 2150859026 },
    { faultCode: 2150859027 },
    { location: 'http://b/' },
  ])('to the Create says that nothing was made (%o)', async (info) => {
    answering('Create', info);
    await expect(lab.settled(lab.client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect([lab.actions(), lab.perhaps]).toEqual([['Create'], []]);
  });
});

test('what cannot travel is refused before anybody is asked', async () => {
  await expect(lab.client().create({ ...NEW, name: 'a\u0007' })).rejects.toMatchObject({ kind: 'invalid' });
  let deep = primitiveDictionary([]);
  for (let i = 0; i < 200; i++) deep = primitiveDictionary([['in', deep]]);
  await expect(lab.client().create({ ...NEW, applicationArguments: deep })).rejects.toThrow('nested deeper');
  expect(lab.asked).toEqual([]);
});

test('a computer that says nothing while the pool opens is given up after OpenTimeout', async () => {
  lab.wrong({ action: 'Receive', wrong: { kind: 'slow', ms: 3_600_000 } });
  const began = lab.time.now();
  await expect(lab.settled(lab.client({ make: { openTimeoutMs: 5_000 } }).create(NEW))).rejects.toMatchObject(
    {
      kind: 'timeout',
      message: expect.stringContaining('OpenTimeout') as string,
    },
  );
  expect(lab.time.now() - began).toBeLessThanOrEqual(8_000);
});
