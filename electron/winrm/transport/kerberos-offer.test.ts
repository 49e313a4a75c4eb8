import { describe, expect, test } from 'vitest';
import type { AuthenticationMechanism } from '../../../shared/computer.ts';
import { LoginGuard } from '../../login-guard.ts';
import { kerberosCause, kerberosFailure } from '../auth/kerberos-failure.ts';
import type { KerberosCause } from '../auth/kerberos-failure.ts';
import type { KerberosLogon, KerberosProvider, KerberosSession } from '../auth/kerberos-provider.ts';
import { chooseFor, offerKerberos } from './kerberos-offer.ts';
import { listening } from './login-fixture.ts';
import { SharedLogons } from './kerberos/shared-logons.ts';

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const endpoint = { scheme: 'http', hostname: 'web01.lab.test', port: 5985, path: '/wsman' } as const;
const never = new AbortController().signal;

interface Fake extends KerberosProvider {
  readonly did: string[];
}

/** Fails to log on, or to get a ticket for these services, or hangs at it. */
function fake(logOn?: KerberosCause, services: Readonly<Record<string, KerberosCause | 'hangs'>> = {}): Fake {
  const did: string[] = [];
  const session = (spn: string): KerberosSession => ({
    complete: false,
    step: (_, signal) => {
      did.push(spn);
      const cause = services[spn];
      if (cause === 'hangs')
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      return cause ? Promise.reject(kerberosFailure(cause, { spn })) : Promise.resolve(new Uint8Array(1));
    },
    wrap: (data) => ({ header: new Uint8Array(), data }),
    unwrap: ({ data }) => data,
    sign: (message) => message,
    verify: () => undefined,
    release: () => void did.push(`release ${spn}`),
  });
  return {
    did,
    takesShortNames: false,
    defaultRealm: () => 'LAB.TEST',
    logOn: (account) => {
      const upn = account?.upn === undefined ? '' : `(${account.upn}) `;
      did.push(account ? `${account.principal} ${upn}${account.password}` : 'logged on');
      if (logOn) return Promise.reject(kerberosFailure(logOn, { principal: account?.principal }));
      const release = () => void did.push('forget');
      return Promise.resolve({ principal: account?.principal ?? 'x@LAB', openSession: session, release });
    },
  };
}

async function offer(
  provider: KerberosProvider,
  mechanism: AuthenticationMechanism = 'Default',
  credential: typeof LOGIN | 'nobody' = LOGIN,
  signal = never,
) {
  const { heard, beforeLogin: before } = listening();
  const given = credential === 'nobody' ? undefined : credential;
  const request = { endpoint, mechanism, credential: given, kerberos: () => provider };
  const outcome = await offerKerberos(request, chooseFor(request), undefined, { before, signal }).catch(
    (error: unknown) => error as Error,
  );
  return { outcome, heard };
}

describe('a ticket', () => {
  test('by password is a login, and the password is forgotten with the ticket', async () => {
    const provider = fake();
    const { outcome, heard } = await offer(provider);
    expect(outcome).toMatchObject({
      account: 'alice@LAB.TEST',
      client: { spn: 'HTTP/web01.lab.test' },
      refused: [],
    });
    expect(heard).toEqual(['asked', 'taken', 'ended']);
    expect(provider.did).toEqual(['alice@LAB.TEST Passw0rd!', 'HTTP/web01.lab.test']);
    if ('release' in outcome) outcome.release();
    expect(provider.did.slice(2)).toEqual(['forget']);
  });

  test('is told of a UPN as it was given, too: its suffix need not be a realm', async () => {
    const provider = fake();
    await offer(provider, 'Default', { ...LOGIN, username: 'alice@contoso.com' });
    expect(provider.did[0]).toBe('alice@CONTOSO.COM (alice@contoso.com) Passw0rd!');
  });

  test('that is waited for is not any more once nobody wants it, and nothing is kept of it', async () => {
    const provider = fake(undefined, { 'HTTP/web01.lab.test': 'hangs' });
    const controller = new AbortController();
    const asking = offer(provider, 'Kerberos', LOGIN, controller.signal);
    await new Promise(setImmediate);
    controller.abort(new Error('Enough.'));
    const { outcome, heard } = await asking;
    expect(outcome).toEqual(new Error('Enough.'));
    expect(heard).toEqual(['asked', 'ended']);
    expect(provider.did.slice(-2)).toEqual(['release HTTP/web01.lab.test', 'forget']);
  });

  test('of the logged-on account is none', async () => {
    const provider = fake();
    const { heard } = await offer(provider, 'NegotiateWithImplicitCredential', 'nobody');
    expect(heard).toEqual([]);
    expect(provider.did[0]).toBe('logged on');
  });

  test('is asked for by the next name only where the one before is unknown', async () => {
    const names = ['HTTP', 'WSMAN', 'host'].map((service) => `${service}/web01.lab.test`);
    const [http = '', wsman = ''] = names;
    const next = fake(undefined, { [http]: 'unknownService' });
    expect((await offer(next)).outcome).toMatchObject({ client: { spn: wsman } });
    const skewed = fake(undefined, { [http]: 'clockSkew' });
    await offer(skewed);
    expect(skewed.did).not.toContain(wsman);
    const none = fake(undefined, Object.fromEntries(names.map((name) => [name, 'unknownService'] as const)));
    const { outcome } = await offer(none, 'Kerberos');
    expect(outcome).toMatchObject({ message: expect.stringContaining(http) });
    expect(none.did.filter((what) => what.startsWith('release'))).toHaveLength(3);
  });
});

describe('without a ticket', () => {
  test.each<KerberosCause>(['kdcUnreachable', 'unknownUser', 'clockSkew', 'wrongRealm', 'noLibrary'])(
    'NTLM goes on after %s, and the reason is kept; where Kerberos is asked for it does not',
    async (cause) => {
      const { outcome, heard } = await offer(fake(cause));
      expect(outcome).toMatchObject({ refused: [{ mechanism: 'Kerberos', why: expect.any(String) }] });
      expect(outcome).not.toHaveProperty('client');
      expect(heard).toEqual(['asked', 'ended']);
      expect((await offer(fake(cause), 'Kerberos')).outcome).toBeInstanceOf(Error);
    },
  );

  test.each<[KerberosCause, string[]]>([
    ['wrongPassword', ['asked', 'refused', 'ended']],
    ['locked', ['asked', 'refused', 'ended']],
    ['passwordExpired', ['asked', 'refused', 'ended']],
    ['notAllowed', ['asked', 'refused', 'ended']],
  ])('nothing goes on after %s: the same password would count again', async (cause, said) => {
    const { outcome, heard } = await offer(fake(cause));
    expect(outcome).toMatchObject({ kind: 'unauthenticated' });
    expect(heard).toEqual(said);
  });

  test.each<KerberosCause>(['wrongPassword', 'locked'])(
    'a KDC is asked twice at most for a fleet where it says %s',
    async (cause) => {
      const provider = fake(cause);
      const gate = new LoginGuard().gate(LOGIN);
      const shared = new SharedLogons(provider);
      for (let i = 0; i < 50; i++) {
        const named = { ...endpoint, hostname: `web${i}.lab.test` };
        const request = {
          endpoint: named,
          mechanism: 'Default',
          credential: LOGIN,
          kerberos: () => shared,
        } as const;
        const asking = { before: gate.before, signal: never };
        await expect(offerKerberos(request, chooseFor(request), undefined, asking)).rejects.toThrow();
      }
      expect(provider.did).toHaveLength(2);
    },
  );

  test('there is nobody to ask for where the logged-on account has none', async () => {
    const { outcome } = await offer(fake('noTicket'), 'Default', 'nobody');
    expect(outcome).toMatchObject({ info: { errorId: 'ExplicitCredentialsRequired' } });
  });
});

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
