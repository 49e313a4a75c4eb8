import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { NtlmAcceptor } from '../auth/ntlm-acceptor.ts';
import { openChannel } from './connection.ts';
import { PATIENCE_MS, TAKEN_FOR_MS } from './proxy-logins.ts';
import type { ProxyLogins } from './proxy-logins.ts';
import { logins, PAUL, REQUEST } from './proxy-logins-fixture.ts';
import { closeRawServers, rawServer } from './raw-server-fixture.ts';
import { through } from './through-fixture.ts';

afterEach(closeRawServers);
const never = new AbortController().signal;
const REFUSAL = ['Basic realm="x"'];

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

  test('that was taken before is shown again, however often the proxy closes: then it is what is behind it', async () => {
    const { signIn, pass } = logins();
    const first = signIn();
    await first.turn(never);
    take(first);
    await pass(TAKEN_FOR_MS);
    for (let time = 0; time < 3; time++) {
      const one = signIn();
      await one.turn(never);
      one.authorize(REQUEST);
      expect(one.broke('closed')).toBe('closed');
      one.ended();
    }
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

  test('of Digest whose challenge became old in the queue is asked without a proof for another first', async () => {
    const { signIn, pass } = logins();
    const challenge = (nonce: string, realm = 'x') => [
      `Digest realm="${realm}", nonce="${nonce}", qop="auth"`,
    ];
    const [first, second, third] = [signIn('Digest'), signIn('Digest'), signIn('Digest')];
    await first.turn(never);
    first.authorize(REQUEST);
    await first.challenged(challenge('a'));
    const turns = [];
    for (const one of [second, third]) {
      await one.challenged(challenge('b'));
      turns.push(one.turn(never));
    }
    await pass(PATIENCE_MS); // the first hears nothing
    await turns[0];
    await pass(1);
    await second.turn(never);
    expect(second.authorize(REQUEST)).toBeUndefined();
    await second.challenged(challenge('c'));
    await second.turn(never);
    expect(second.authorize(REQUEST)).toContain('nonce="c"');
    await second.answered(false);
    await turns[1];
    expect(third.authorize(REQUEST)).toBeUndefined();
    await expect(third.challenged(challenge('d', 'other'))).rejects.toThrow('changed in mid-sign-in');
  });

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
