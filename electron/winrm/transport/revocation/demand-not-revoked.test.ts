import { expect, test } from 'vitest';
import { AUTHORITY, OWN } from '../../revocation/revocation-fixture.ts';
import { demandNotRevoked } from './demand-not-revoked.ts';
import type { Finding } from './revocations.ts';

const UNKNOWN: Finding = { state: 'unknown', why: ['Of the responder: it is not reached.'] };
const revokedOn = (date: string): Finding => ({
  state: 'revoked',
  by: 'its list',
  until: 0,
  revokedOn: Date.parse(date),
});

const demand = (...findings: readonly Finding[]) =>
  demandNotRevoked(
    { hostname: 'web01', chain: [OWN, AUTHORITY], stapled: undefined },
    { check: () => Promise.resolve(findings) },
    1_000,
    new AbortController().signal,
  );

test('what is known to be revoked is said before what could not be checked, and no pin is offered', async () => {
  const refusal = demand(UNKNOWN, revokedOn('2026-01-02'));
  await expect(refusal).rejects.toMatchObject({
    message: 'web01 is not trusted: the certificate of its authority was revoked on 2026-01-02.',
    info: { distrust: 'revoked', faultCode: 12170 },
  });
  await expect(refusal).rejects.not.toHaveProperty('info.certificate');
});

test('a date ahead is not told as one that was', async () => {
  await expect(demand(revokedOn('2999-12-31'))).rejects.toThrow(
    'web01 is not trusted: its certificate is revoked, as of 2999-12-31.',
  );
});

test('where nothing could be learned, who was asked and why stands in the detail', async () => {
  await expect(demand(UNKNOWN)).rejects.toMatchObject({
    info: { distrust: 'revocation', detail: 'Of the responder: it is not reached.' },
  });
});
