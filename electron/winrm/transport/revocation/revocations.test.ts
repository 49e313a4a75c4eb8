import { expect, test } from 'vitest';
import { Unfit } from '../../revocation/der-values.ts';
import {
  AUTHORITY,
  EMPTY_LIST,
  GOOD,
  LIST,
  OWN,
  REVOKED,
  THEN,
} from '../../revocation/revocation-fixture.ts';
import { Revocations } from './revocations.ts';

const CHAIN = [OWN, AUTHORITY];
const DAY_MS = 86_400_000;
const never = new AbortController().signal;

/** A network in which each address has one answer; undefined: nobody there. */
function network(answers: Record<string, Uint8Array | undefined>) {
  const asked: string[] = [];
  let at = THEN;
  const known = new Revocations({
    now: () => at,
    ask: (address) => {
      asked.push(address);
      const answer = answers[address];
      return answer ? Promise.resolve(answer) : Promise.reject(new Unfit('it is not reached'));
    },
  });
  return { known, asked, answers, wait: (ms: number) => (at += ms) };
}
const OCSP = 'http://ocsp.lab.test/';
const CRL = 'http://pki.lab.test/a.crl';

test('many who ask at once wait for one answer, and it is kept as long as it holds, but a day at most', async () => {
  const { known, asked, wait } = network({ [OCSP]: GOOD });
  const all = await Promise.all(
    Array.from({ length: 50 }, () => known.check(CHAIN, undefined, new AbortController().signal)),
  );
  expect(all.every(([finding]) => finding?.state === 'good')).toBe(true);
  await known.check(CHAIN, undefined, never);
  expect(asked).toEqual([OCSP]);
  wait(DAY_MS);
  await known.check(CHAIN, undefined, never);
  expect(asked.length).toBeGreaterThan(1);
});

test('where the responder says nothing the list is asked, and tells what it knows', async () => {
  const { known, asked } = network({ [CRL]: LIST });
  expect(await known.check(CHAIN, undefined, never)).toMatchObject([
    { state: 'revoked', by: 'the revocation list at pki.lab.test' },
  ]);
  expect(asked).toEqual([OCSP, CRL]);
});

test('who is silent is not asked again for half a minute, unless that is forgotten', async () => {
  const { known, asked, answers, wait } = network({});
  const find = async () => (await known.check(CHAIN, undefined, never))[0]?.state;
  expect(await find()).toBe('unknown');
  answers[CRL] = EMPTY_LIST;
  expect(await find()).toBe('unknown');
  expect(asked).toEqual([OCSP, CRL]);
  wait(31_000);
  expect(await find()).toBe('good');

  const other = network({});
  await other.known.check(CHAIN, undefined, never);
  other.answers[OCSP] = GOOD;
  other.known.forgetSilent();
  expect(await other.known.check(CHAIN, undefined, never)).toMatchObject([{ state: 'good' }]);
});

test('what is brought along from before counts for nothing once it is known to be revoked', async () => {
  const { known } = network({ [OCSP]: REVOKED });
  expect(await known.check(CHAIN, undefined, never)).toMatchObject([{ state: 'revoked' }]);
  expect(await known.check(CHAIN, GOOD, never)).toMatchObject([{ state: 'revoked' }]);
});

test('what is brought along and cannot be used is no harm: others are asked', async () => {
  const { known } = network({ [OCSP]: GOOD });
  expect(await known.check(CHAIN, new Uint8Array(9), never)).toMatchObject([
    { state: 'good', by: 'the OCSP responder at ocsp.lab.test' },
  ]);
});

test('a chain whose end is missing is not known to be good', async () => {
  const { known, asked } = network({ [OCSP]: GOOD });
  expect(await known.check([OWN], undefined, never)).toMatchObject([{ state: 'unknown' }]);
  expect(await known.check([OWN, OWN], undefined, never)).toMatchObject([
    { state: 'unknown' },
    { state: 'unknown' },
  ]);
  expect(asked).toEqual([]);
});

test('who gives up waits no longer, and the others still get their answer', async () => {
  let answer: ((bytes: Uint8Array) => void) | undefined;
  const ask = () => new Promise<Uint8Array>((resolve) => (answer = resolve));
  const known = new Revocations({ ask, now: () => THEN });
  const leaving = new AbortController();
  const gone = known.check(CHAIN, undefined, leaving.signal);
  const stays = known.check(CHAIN, undefined, never);
  leaving.abort(new Error('closed'));
  await expect(gone).rejects.toThrow('closed');
  answer?.(GOOD);
  expect(await stays).toMatchObject([{ state: 'good' }]);
});
