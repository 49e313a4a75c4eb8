import { describe, expect, test } from 'vitest';
import { chooseFor, offerKerberos } from '../kerberos-offer.ts';
import { listening } from '../login-fixture.ts';
import { SharedLogons } from './shared-logons.ts';
import { SspiFixture } from './sspi-fixture.ts';
import { partsOf, SspiProvider } from './sspi-provider.ts';

test('Windows is told the user and the domain; of a UPN all is the user, since its suffix need not be a domain', () => {
  const password = 'x';
  expect(partsOf({ principal: 'a\\/b@LAB.TEST', password })).toEqual({
    user: 'a/b',
    domain: 'LAB.TEST',
    password,
  });
  const upn = 'alice@contoso.com';
  expect(partsOf({ principal: 'alice@CONTOSO.COM', upn, password })).toEqual({
    user: upn,
    domain: '',
    password,
  });
});

describe('a password that Windows was given', () => {
  const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
  const endpoint = { scheme: 'http', hostname: 'web01.lab.test', port: 5985, path: '/wsman' } as const;

  /** What comes of asking for two computers, one after the other, by these statuses. */
  async function asked(...statuses: readonly number[]) {
    const fixture = new SspiFixture();
    fixture.behaviour.statuses = [...statuses];
    const provider = new SharedLogons(new SspiProvider(fixture.sspi, {}));
    const { ends, beforeLogin: before } = listening();
    const request = {
      endpoint,
      mechanism: 'Negotiate',
      credential: LOGIN,
      kerberos: () => provider,
    } as const;
    const outcomes: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const asking = { before, signal: new AbortController().signal };
      const one = offerKerberos(request, chooseFor(request), undefined, asking);
      outcomes.push(await one.catch((error: unknown) => error));
    }
    return { outcomes, ends };
  }
  const byNtlm = { refused: [{ mechanism: 'Kerberos' }] };

  test.each([
    ['an error of its own', 0x80090304],
    ['no word that is known', 0x8009035d],
    ['no credentials', 0x8009030e],
  ])('may have been judged where it ends with %s: no NTLM', async (_, status) => {
    const { outcomes, ends } = await asked(status, status);
    expect(outcomes).toMatchObject([{ kind: expect.any(String) }, { kind: expect.any(String) }]);
    expect(ends).toEqual(['lost', 'lost']);
  });

  test('is not what fails where no KDC was reached, as its own Negotiate has it', async () => {
    const { outcomes, ends } = await asked(0x80090311);
    expect(outcomes[0]).toMatchObject(byNtlm);
    expect(ends[0]).toBe('unjudged');
  });

  test('is not what fails any more once a ticket was had with it', async () => {
    const { outcomes } = await asked(0x00090312, 0x80090304);
    expect(outcomes).toMatchObject([{ account: 'alice@LAB.TEST' }, byNtlm]);
  });
});
