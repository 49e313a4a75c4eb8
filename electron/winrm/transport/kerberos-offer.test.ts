import { describe, expect, test } from 'vitest';
import type { AuthenticationMechanism } from '../../../shared/computer.ts';
import { LoginGuard } from '../../login-guard.ts';
import { kerberosCause } from '../auth/kerberos-failure.ts';
import type { KerberosCause } from '../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { endpoint, fake, LOGIN, never } from './kerberos-fixture.ts';
import { chooseFor, offerKerberos } from './kerberos-offer.ts';
import { listening } from './login-fixture.ts';
import { SharedLogons } from './kerberos/shared-logons.ts';

async function offer(
  provider: KerberosProvider,
  mechanism: AuthenticationMechanism = 'Default',
  credential: typeof LOGIN | 'nobody' = LOGIN,
  signal = never,
) {
  const { heard, ends, beforeLogin: before } = listening();
  const given = credential === 'nobody' ? undefined : credential;
  const request = { endpoint, mechanism, credential: given, kerberos: () => provider };
  const outcome = await offerKerberos(request, chooseFor(request), undefined, { before, signal }).catch(
    (error: unknown) => error as Error,
  );
  return { outcome, heard, ends };
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
    expect(outcome).toMatchObject({
      kind: 'denied',
      message: `The domain knows no service ${names.slice(0, 2).join(', ')} or host/web01.lab.test to get a ticket for.`,
    });
    expect(kerberosCause(outcome)).toBe('unknownService');
    expect(none.did.filter((what) => what.startsWith('release'))).toHaveLength(3);
  });
});

describe('without a ticket', () => {
  test.each<KerberosCause>(['kdcUnreachable', 'unknownUser', 'clockSkew', 'wrongRealm', 'noLibrary'])(
    'NTLM goes on after %s, and the reason is kept; where Kerberos is asked for it does not',
    async (cause) => {
      const { outcome, heard, ends } = await offer(fake(cause));
      expect(outcome).toMatchObject({ refused: [{ mechanism: 'Kerberos', why: expect.any(String) }] });
      expect(outcome).not.toHaveProperty('client');
      expect([heard, ends]).toEqual([['asked', 'ended'], ['unjudged']]);
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

  test.each<KerberosCause>(['other', 'notGiven'])(
    'nothing goes on after %s either: the KDC had the password, and may have judged it; so it is lost',
    async (cause) => {
      const { outcome, heard, ends } = await offer(fake(cause));
      expect(kerberosCause(outcome)).toBe(cause);
      expect([heard, ends]).toEqual([['asked', 'ended'], ['lost']]);
    },
  );

  test('nothing goes on after a domain controller that was not told the password, and no login is lost', async () => {
    const { outcome, heard, ends } = await offer(fake('notGiven', {}, { isUntold: true }));
    expect(kerberosCause(outcome)).toBe('notGiven');
    expect([heard, ends]).toEqual([['asked', 'ended'], ['unjudged']]);
  });

  test.each<[KerberosCause, boolean, number, number]>([
    ['notGiven', true, 20, 1],
    ['notGiven', false, 20, 1],
    ['other', false, 20, 1],
    ['brokenOff', false, 20, 1],
  ])(
    'after %s (told nobody: %s) of twenty computers %i have a turn, for %i questions',
    async (cause, isUntold, turns, questions) => {
      const provider = fake(cause, {}, { isUntold });
      const shared = new SharedLogons(provider);
      const gate = new LoginGuard().gate(LOGIN);
      const outcomes: unknown[] = [];
      for (let i = 0; i < 20; i++) {
        const named = { ...endpoint, hostname: `web${i}.lab.test` };
        const request = {
          endpoint: named,
          mechanism: 'Default',
          credential: LOGIN,
          kerberos: () => shared,
        } as const;
        const asking = { before: gate.before, signal: never };
        outcomes.push(
          await offerKerberos(request, chooseFor(request), undefined, asking).catch(
            (error: unknown) => error,
          ),
        );
      }
      expect(outcomes.filter((error) => kerberosCause(error) === cause)).toHaveLength(turns);
      expect(provider.did).toHaveLength(questions);
    },
  );

  test('what fails behind the logon is another matter: NTLM goes on', async () => {
    const services = { 'HTTP/web01.lab.test': 'other', 'WSMAN/web01.lab.test': 'other' } as const;
    const { outcome, ends } = await offer(fake(undefined, services));
    expect(outcome).toMatchObject({ refused: [{ mechanism: 'Kerberos' }] });
    expect(ends).toEqual(['unjudged']);
  });

  test.each<KerberosCause>(['other', 'noTicket', 'ticketExpired'])(
    'where logon and ticket are one, %s may be what the KDC thinks of the password: nothing goes on',
    async (cause) => {
      const provider = fake(undefined, { 'HTTP/web01.lab.test': cause }, { isUnproven: () => true });
      const { outcome, ends } = await offer(provider);
      expect(kerberosCause(outcome)).toBe(cause);
      expect(ends).toEqual(['lost']);
    },
  );

  test.each<KerberosCause>(['kdcUnreachable', 'clockSkew', 'wrongRealm'])(
    'where logon and ticket are one, NTLM goes on after %s all the same',
    async (cause) => {
      const provider = fake(undefined, { 'HTTP/web01.lab.test': cause }, { isUnproven: () => true });
      expect((await offer(provider)).outcome).toMatchObject({ refused: [{ mechanism: 'Kerberos' }] });
    },
  );

  test('it is known whether the domain has taken the password all the same', async () => {
    const services = Object.fromEntries(
      ['HTTP', 'WSMAN', 'host'].map((service) => [`${service}/web01.lab.test`, 'unknownService'] as const),
    );
    const isTaken = async (...how: Parameters<typeof offer>) => {
      const { outcome } = await offer(...how);
      return 'refused' in outcome && outcome.isTaken;
    };
    expect(await isTaken(fake())).toBe(true);
    expect(await isTaken(fake(undefined, services))).toBe(true);
    expect(await isTaken(fake(undefined, services, { isUnproven: () => true }))).toBe(true);
    expect(await isTaken(fake(undefined, { 'HTTP/web01.lab.test': 'clockSkew' }))).toBe(true);
    const unproven = { isUnproven: () => true };
    expect(await isTaken(fake(undefined, { 'HTTP/web01.lab.test': 'clockSkew' }, unproven))).toBe(false);
    expect(await isTaken(fake('kdcUnreachable'))).toBe(false);
    expect(await isTaken(fake(), 'NegotiateWithImplicitCredential', 'nobody')).toBe(false);
  });

  test('a password or a name with a zero, where C would end it, is told to nobody', async () => {
    const provider = fake();
    for (const credential of [
      { ...LOGIN, password: 'Pass\0word' },
      { ...LOGIN, username: 'LAB\\ali\0ce' },
    ]) {
      const request = { endpoint, mechanism: 'Default', credential, kerberos: () => provider } as const;
      expect(() => chooseFor(request)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    }
    expect(provider.did).toEqual([]);
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
