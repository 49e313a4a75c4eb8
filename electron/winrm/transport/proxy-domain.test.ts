import { describe, expect, test } from 'vitest';
import { kerberosFailure } from '../auth/kerberos-failure.ts';
import { fake, LOGIN } from './kerberos-fixture.ts';
import { logins, PAUL, REQUEST } from './proxy-logins-fixture.ts';

const never = new AbortController().signal;

describe('an account whose domain is asked first', () => {
  /** Each question to the KDC, to be refused by hand. */
  function asking() {
    const asked: ((error: unknown) => void)[] = [];
    const kerberos = () => ({
      takesShortNames: false,
      defaultRealm: () => 'LAB.TEST',
      logOn: (_: unknown, signal?: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          asked.push(reject);
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    const { all, pass } = logins();
    const credential = { ...PAUL, username: 'LAB\\paul' };
    const challenged = async () => {
      const one = all.signIn(
        { hostname: 'proxy', port: 1 },
        { authentication: 'Negotiate', credential, kerberos },
      );
      await one.challenged(['Negotiate']);
      return one;
    };
    return { asked, challenged, pass };
  }
  const settle = () => new Promise(setImmediate);
  const outcome = (turn: Promise<void>) => turn.catch((error: unknown) => error);

  test('is asked for by one connection alone, and what is refused there is refused to all', async () => {
    const { asked, challenged, pass } = asking();
    const turns = [await challenged(), await challenged(), await challenged()].map((one) =>
      outcome(one.turn(never)),
    );
    await settle();
    expect(asked).toHaveLength(1);
    asked[0]!(kerberosFailure('wrongPassword', { principal: 'paul@LAB.TEST' }));
    const denied = {
      kind: 'denied',
      message: expect.stringContaining('did not accept the password') as string,
    };
    expect(await Promise.all(turns)).toMatchObject([denied, denied, denied]);
    await pass(24 * 60 * 60_000);
    expect(await outcome((await challenged()).turn(never))).toMatchObject(denied);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [true, 60_000],
    [false, Infinity],
  ])(
    'is asked for anew in a minute where the domain was not told the password (%s), else once a person asks',
    async (isUntold, until) => {
      const { asked, challenged, pass } = asking();
      const first = outcome((await challenged()).turn(never));
      await settle();
      asked[0]!(kerberosFailure('notGiven', { principal: 'paul@LAB.TEST', isUntold }));
      expect(await first).toMatchObject({ kind: 'denied' });
      await pass(Math.min(until, 24 * 60 * 60_000));
      void outcome((await challenged()).turn(never));
      await settle();
      expect(asked).toHaveLength(until === Infinity ? 1 : 2);
    },
  );

  test('whose ticket the proxy does not take is shown it again after a minute, for no password was refused', async () => {
    const { all, pass } = logins();
    const challenged = async () => {
      const account = { credential: LOGIN, kerberos: () => fake() };
      const one = all.signIn({ hostname: 'p', port: 1 }, { authentication: 'Negotiate', ...account });
      await one.challenged(['Negotiate']);
      return one;
    };
    const first = await challenged();
    await first.turn(never);
    first.authorize(REQUEST);
    await expect(first.challenged(['Negotiate'])).rejects.toThrow('did not take the Kerberos ticket');
    await pass(59_999);
    await expect((await challenged()).turn(never)).rejects.toThrow('did not take the Kerberos ticket');
    await pass(1);
    await (await challenged()).turn(never);
  });

  test('is asked for by the next where the first goes away, which is no refusal', async () => {
    const { asked, challenged } = asking();
    const [first, second] = [await challenged(), await challenged()];
    const controller = new AbortController();
    const given = outcome(first.turn(controller.signal));
    const waiting = outcome(second.turn(never));
    await settle();
    controller.abort('enough');
    expect(await given).toBe('enough');
    await settle();
    expect(asked).toHaveLength(2);
    // No KDC: then NTLM goes.
    asked[1]!(kerberosFailure('kdcUnreachable'));
    expect(await waiting).toBeUndefined();
    expect(second.authorize(REQUEST)).toMatch(/^Negotiate /);
    expect(second.report).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos' }],
    });
  });
});
