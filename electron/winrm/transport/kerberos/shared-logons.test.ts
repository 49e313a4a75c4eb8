import { describe, expect, test } from 'vitest';
import { isRemembered, kerberosCause } from '../../auth/kerberos-failure.ts';
import type { KerberosCause } from '../../auth/kerberos-failure.ts';
import type { KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';
import { fake } from '../kerberos-fixture.ts';
import { SharedLogons } from './shared-logons.ts';

describe('logons that are shared', () => {
  const account = { principal: 'alice@LAB.TEST', password: 'x' };
  function sharing(provider: KerberosProvider) {
    let now = 0;
    const due: { readonly at: number; readonly call: () => void }[] = [];
    const logons = new SharedLogons(provider, {
      now: () => now,
      after: (ms, call) => void due.push({ at: now + ms, call }),
    });
    const pass = (ms: number) => {
      now += ms;
      for (const { at, call } of due.splice(0)) if (at <= now) call();
    };
    return { logons, pass };
  }

  test('are one for a minute, for the same account and password alone', async () => {
    const provider = fake();
    const { logons, pass } = sharing(provider);
    const same = await Promise.all([logons.logOn(account), logons.logOn(account)]);
    const others = [await logons.logOn({ ...account, password: 'y' })];
    for (const one of [...same, ...others]) one.release();
    await logons.logOn(undefined);
    await logons.logOn(undefined);
    expect(provider.did).toEqual(['alice@LAB.TEST x', 'alice@LAB.TEST y', 'logged on', 'logged on']);
    pass(60_000);
    expect(provider.did.slice(4)).toEqual(['forget', 'forget']);
    await logons.logOn(account);
    expect(provider.did.at(-1)).toBe('alice@LAB.TEST x');
  });

  test('are freed by the last who uses them, after their minute', async () => {
    const provider = fake();
    const { logons, pass } = sharing(provider);
    const [first, second] = [await logons.logOn(account), await logons.logOn(account)];
    pass(60_000);
    first.release();
    first.release();
    expect(provider.did).not.toContain('forget');
    second.openSession('HTTP/web01', undefined);
    second.release();
    expect(provider.did.filter((what) => what === 'forget')).toHaveLength(1);
  });

  test('are not waited for by whom they do not concern any more, and go on for the others', async () => {
    let logOn: ((logon: KerberosLogon) => void) | undefined;
    const slow = { ...fake(), logOn: () => new Promise<KerberosLogon>((resolve) => (logOn = resolve)) };
    const { logons } = sharing(slow);
    const controller = new AbortController();
    const [one, other] = [logons.logOn(account, controller.signal), logons.logOn(account)];
    controller.abort('enough');
    await expect(one).rejects.toBe('enough');
    logOn?.(await fake().logOn(account));
    expect(await other).toMatchObject({ principal: 'alice@LAB.TEST' });
  });

  test('know for half a minute which KDC gave no ticket, the logged-on account’s too; one realm is not the other', async () => {
    const provider = fake(undefined, {
      'HTTP/web01.far.test': 'kdcUnreachable',
      'HTTP/web02.far.test': 'kdcUnreachable',
      'HTTP/web03.far.test': 'unknownService',
    });
    const { logons, pass } = sharing(provider);
    const logon = await logons.logOn(undefined);
    const ask = (spn: string) => logon.openSession(spn, undefined).step();
    const asked = () => provider.did.filter((what) => what.startsWith('HTTP/')).length;
    await expect(ask('HTTP/web01.far.test')).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(ask('HTTP/web02.far.test')).rejects.toMatchObject({
      kind: 'unreachable',
      message:
        'No domain controller of LAB, or of the domain of HTTP/web02.far.test, answers, so there is no Kerberos. That was found less than half a minute ago, and is not asked again yet.',
    });
    expect(asked()).toBe(1);
    await ask('HTTP/web01.lab.test');
    const again = await logons.logOn(undefined);
    await expect(again.openSession('HTTP/web01.far.test', undefined).step()).rejects.toThrow();
    expect(asked()).toBe(2);
    pass(30_000);
    for (const spn of ['HTTP/web03.far.test', 'HTTP/web02.far.test'])
      await expect(ask(spn)).rejects.toThrow();
    expect(asked()).toBe(4);
  });

  test('that were refused are not kept; that a KDC is down is, for half a minute', async () => {
    const refusing = fake('wrongPassword');
    const refused = sharing(refusing);
    for (let i = 0; i < 2; i++) await expect(refused.logons.logOn(account)).rejects.toThrow();
    expect(refusing.did).toHaveLength(2);
    const down = fake('kdcUnreachable');
    const { logons, pass } = sharing(down);
    await expect(logons.logOn(account)).rejects.not.toThrow(/not asked again/);
    for (let i = 0; i < 2; i++) {
      const remembered: unknown = await logons.logOn(account).catch((error: unknown) => error);
      expect(remembered).toMatchObject({
        message: expect.stringMatching(/not asked again yet\.$/) as string,
      });
      expect(kerberosCause(remembered)).toBe('kdcUnreachable');
    }
    expect(down.did).toHaveLength(1);
    pass(30_000);
    await expect(logons.logOn(account)).rejects.toThrow();
    expect(down.did).toHaveLength(2);
  });

  test.each<[KerberosCause, number]>([
    ['brokenOff', 1],
    ['notGiven', 1],
    ['other', 1],
    ['clockSkew', 1],
    ['wrongPassword', 2],
  ])(
    'are not tried again for half a minute after %s: the KDC is told the password %i times',
    async (cause, times) => {
      const provider = fake(cause);
      const { logons, pass } = sharing(provider);
      const told = async () => isRemembered(await logons.logOn(account).catch((error: unknown) => error));
      // Of two at once one alone has told anybody anything, but a refusal ends all.
      expect(await Promise.all([told(), told()])).toEqual([false, times === 1]);
      expect(await told()).toBe(times === 1);
      expect(provider.did).toHaveLength(times);
      pass(30_000);
      expect(await told()).toBe(false);
      expect(provider.did).toHaveLength(times + 1);
    },
  );

  test('ask what was silent again for whoever wants to know how it stands now', async () => {
    const down = fake('kdcUnreachable');
    const ofAccount = sharing(down).logons;
    await expect(ofAccount.logOn(account)).rejects.toThrow();
    ofAccount.forgetSilence();
    await expect(ofAccount.logOn(account)).rejects.toThrow();
    expect(down.did).toHaveLength(2);

    const far = fake(undefined, { 'HTTP/web01.far.test': 'kdcUnreachable' });
    const { logons } = sharing(far);
    const logon = await logons.logOn(undefined);
    for (let i = 0; i < 2; i++) {
      await expect(logon.openSession('HTTP/web01.far.test', undefined).step()).rejects.toThrow();
      logons.forgetSilence();
    }
    expect(far.did.filter((what) => what.startsWith('HTTP/'))).toHaveLength(2);
  });
});
