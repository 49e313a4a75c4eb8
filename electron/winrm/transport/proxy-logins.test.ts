import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint, ProxyAuthentication } from '../../../shared/computer.ts';
import { kerberosFailure } from '../auth/kerberos-failure.ts';
import { NtlmAcceptor } from '../auth/ntlm-acceptor.ts';
import { openChannel } from './connection.ts';
import { fake, LOGIN } from './kerberos-fixture.ts';
import { PATIENCE_MS, ProxyLogins, TAKEN_FOR_MS } from './proxy-logins.ts';
import { closeRawServers, rawServer } from './raw-server.ts';
import { through } from './through-fixture.ts';

afterEach(closeRawServers);
const never = new AbortController().signal;
const PAUL = { username: 'paul', password: 'pr0xy' };
const REFUSAL = ['Basic realm="x"'];

/** A clock that is moved by hand, and what is due by it. */
function logins() {
  const due = new Set<{ readonly at: number; readonly call: () => void }>();
  let now = 0;
  const after = (ms: number, call: () => void) => {
    const entry = { at: now + ms, call };
    due.add(entry);
    return () => due.delete(entry);
  };
  const all = new ProxyLogins({ now: () => now, after });
  const signIn = (authentication: ProxyAuthentication = 'Basic') =>
    all.signIn({ hostname: 'p', port: 1 }, { authentication, credential: PAUL });
  const pass = async (ms: number) => {
    now += ms;
    for (const entry of due) if (entry.at <= now && due.delete(entry)) entry.call();
    await new Promise(setImmediate);
  };
  return { all, signIn, pass, due };
}

const REQUEST = { method: 'CONNECT', uri: 'web01:5986', body: new Uint8Array() };

function ntlmAnswerTo(authorization: string | undefined): string {
  const names = { computerName: 'P', domainName: 'P', passwordOf: () => PAUL.password };
  const acceptor = new NtlmAcceptor(names, { now: () => 0, randomBytes });
  const token = Buffer.from(authorization?.split(' ')[1] ?? '', 'base64');
  return `NTLM ${Buffer.from(acceptor.step(token) ?? []).toString('base64')}`;
}

/** The proxy lets a request with the proof through. */
function take(signIn: ReturnType<ProxyLogins['signIn']>) {
  signIn.authorize(REQUEST);
  signIn.answered(true);
}

/** How many of so many may send, and all that was refused, as far as it is known by now. */
function many(count: number, signIn: () => ReturnType<ProxyLogins['signIn']>) {
  const through: ReturnType<ProxyLogins['signIn']>[] = [];
  const refused: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const one = signIn();
    one.turn(new AbortController().signal).then(
      () => through.push(one),
      (error: unknown) => refused.push(error),
    );
  }
  return { sent: through, refused };
}

describe('an account at a proxy', () => {
  test('that is refused is not tried again by itself, and one that is taken by many at once', async () => {
    const { all, signIn, pass } = logins();
    const first = signIn();
    await first.turn(never);
    const waiting = signIn()
      .turn(never)
      .catch((error: unknown) => error);
    first.authorize(REQUEST);
    await expect(first.challenged(REFUSAL)).rejects.toThrow(/did not accept/);
    expect(await waiting).toMatchObject({ kind: 'denied' });
    await pass(24 * 60 * 60_000);
    await expect(signIn().turn(never)).rejects.toThrow(/did not accept/);
    all.forgetRefusals(); // a person asks
    const third = signIn();
    await third.turn(never);
    take(third);
    await Promise.all([signIn().turn(never), signIn().turn(never)]);
  });

  test('that was not proven since the proxy takes other ways is tried again after a minute', async () => {
    const { signIn, pass } = logins();
    const first = signIn('Digest');
    await first.turn(never);
    first.authorize(REQUEST);
    await expect(first.challenged(REFUSAL)).rejects.toThrow(/Basic/);
    await expect(signIn('Digest').turn(never)).rejects.toThrow(/Basic/);
    await pass(60_000);
    await signIn('Digest').turn(never);
  });

  test('whose password was changed since is refused once, not once a connection', async () => {
    const { signIn, pass } = logins();
    const first = signIn();
    await first.turn(never);
    take(first);
    await pass(TAKEN_FOR_MS);
    const { sent, refused } = many(32, signIn);
    await pass(0);
    expect(sent).toHaveLength(1);
    await expect(sent[0]!.challenged(REFUSAL)).rejects.toThrow(/did not accept/);
    await pass(0);
    expect(sent).toHaveLength(1);
    expect(refused).toHaveLength(31);
  });

  test('that nobody says anything to gives its turn away, and its refusal still ends all', async () => {
    const { signIn, pass, due } = logins();
    const { sent, refused } = many(4, signIn);
    await pass(PATIENCE_MS);
    expect(sent).toHaveLength(2);
    await expect(sent[0]!.challenged(REFUSAL)).rejects.toThrow(/did not accept/);
    sent[1]!.ended();
    await pass(0);
    expect(sent).toHaveLength(2);
    expect(refused).toHaveLength(2);
    expect(due.size).toBe(0);
  });

  test('that was taken before counts as taken where the proxy passes on and waits', async () => {
    const { signIn, pass } = logins();
    const first = signIn();
    await first.turn(never);
    take(first);
    await pass(TAKEN_FOR_MS);
    const { sent } = many(8, signIn);
    await pass(PATIENCE_MS);
    expect(sent).toHaveLength(8);
  });

  test('that the proxy refused before it looked at the account counts as nothing', async () => {
    const { signIn, pass } = logins();
    const { sent } = many(8, signIn);
    await pass(0);
    expect(sent).toHaveLength(1);
    sent[0]!.authorize(REQUEST);
    sent[0]!.answered(false);
    await pass(0);
    expect(sent).toHaveLength(2); // the turn went on, to one alone
    take(sent[1]!);
    await pass(0);
    expect(sent).toHaveLength(8);
  });

  test.each([
    ['Digest', ['Digest realm="x", nonce="n", qop="auth"']],
    ['Negotiate', ['NTLM']],
  ] as const)(
    'of %s waits once it is to be proven, and counts as taken when it was',
    async (how, challenges) => {
      const { signIn, pass } = logins();
      const { sent } = many(4, () => signIn(how));
      await pass(0);
      expect(sent).toHaveLength(1);
      expect(sent[0]!.authorize(REQUEST)).toBeUndefined();
      sent[0]!.answered(true);
      await pass(0);
      expect(sent).toHaveLength(4); // nothing of the account travels yet
      const others = sent.slice(1);
      for (const one of others) {
        expect(one.authorize(REQUEST)).toBeUndefined();
        await one.challenged(challenges);
      }
      const due: typeof sent = [];
      for (const one of others) void one.turn(never).then(() => due.push(one));
      await pass(0);
      expect(due).toHaveLength(1);
      const negotiate = due[0]!.authorize(REQUEST);
      if (how === 'Negotiate') {
        await due[0]!.challenged([ntlmAnswerTo(negotiate)]);
        due[0]!.authorize(REQUEST);
      }
      due[0]!.answered(true);
      await pass(0);
      expect(due).toHaveLength(3);
    },
  );

  test('is waited for no longer than whoever waits wants to', async () => {
    const { signIn } = logins();
    await signIn().turn(never);
    const controller = new AbortController();
    const waiting = signIn().turn(controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe.each(['http', 'https'] as const)('who waits for another’s turn at a silent proxy: %s', (scheme) => {
  async function waiting(openTimeoutMs: number, signal: AbortSignal) {
    const proxy = await rawServer(() => undefined);
    const { all } = logins();
    const first = all.signIn(proxy, { authentication: 'Basic', credential: PAUL });
    await first.turn(never);
    const computer: Endpoint = { scheme, hostname: 'web01', port: 5985, path: '/wsman' };
    const channel = openChannel(computer, PAUL, {
      openTimeoutMs,
      proxy: through(proxy, { authentication: 'Basic', credential: PAUL }, all),
    });
    return channel.post('<a/>', signal);
  }

  test('waits as long as OpenTimeout, and is told of the proxy', async () => {
    await expect(waiting(50, never)).rejects.toMatchObject({
      message: expect.stringMatching(/^The proxy .* did not lead to web01/) as string,
      info: { errorId: 'WinRMOperationTimeout' },
    });
  });
});

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
