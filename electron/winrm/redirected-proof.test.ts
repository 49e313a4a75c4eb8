import { afterEach, describe, expect, test } from 'vitest';
import type { AuthenticationMechanism, Endpoint } from '../../shared/computer.ts';
import { closeRedirecting, list, listing, openAt, redirecting, serve, url } from './redirection-fixture.ts';
import type { Seen } from './redirection-fixture.ts';

afterEach(closeRedirecting);

describe('a computer that redirects', () => {
  test.each<AuthenticationMechanism>(['Basic', 'Digest'])(
    'to itself in answer to a proof gets no other, whatever the path and the limit: %s',
    async (authentication) => {
      const seen: Seen[] = [];
      const next = redirecting(seen, 307, (count) => `/next/${count}`);
      const challenge = { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' };
      const start = await serve((request, response) => {
        if (authentication === 'Basic' || request.headers.authorization) next(request, response);
        else response.writeHead(401, challenge).end();
      });
      await expect(list(start, () => true, -1, undefined, authentication)).rejects.toMatchObject({
        kind: 'protocol',
        message: `127.0.0.1 redirects to ${url({ ...start, path: '/…' })}. It was shown the password by then, which is not sent to it again by itself.`,
      });
      expect(seen).toHaveLength(1);
    },
  );

  test('to itself once it had let the account in is followed, until that is answered with another', async () => {
    const seen: Seen[] = [];
    const start = await serve((request, response) =>
      (seen.length === 0 ? listing(seen) : redirecting(seen, 302, (count) => `/next/${count}`))(
        request,
        response,
      ),
    );
    const computer = openAt(start, { mayRedirect: () => true });
    await computer.list({}, { strict: false });
    await expect(computer.list({}, { strict: false })).rejects.toThrow(/shown the password by then/);
    computer.close();
    expect(seen.map(({ path }) => path)).toEqual(['/wsman', '/wsman', '/next/2']);
  });

  test('back and forth in answer to proofs gets one for each of the two', async () => {
    const seen: Seen[] = [];
    const places: Endpoint[] = [];
    const other = (count: number) => url({ ...places[count % 2]!, path: `/next/${count}` });
    for (let i = 0; i < 2; i++) places.push(await serve(redirecting(seen, 302, other)));
    await expect(list(places[0]!, () => true, -1)).rejects.toThrow(/shown the password twice by then/);
    expect(seen).toHaveLength(2);
  });

  test.each<AuthenticationMechanism>(['Basic', 'Digest'])(
    'from port to port of one host in answer to proofs gets two of them, whatever the limit: %s',
    async (authentication) => {
      const seen: Seen[] = [];
      const places: Endpoint[] = [];
      const next = redirecting(seen, 302, (count) => url(places[count]!));
      const challenge = { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' };
      for (let i = 0; i < 8; i++)
        places.push(
          await serve((request, response) => {
            if (request.headers.authorization) next(request, response);
            else response.writeHead(401, challenge).end();
          }),
        );
      await expect(list(places[0]!, () => true, -1, undefined, authentication)).rejects.toMatchObject({
        message: `127.0.0.1 redirects to ${url(places[2]!)}. It was shown the password twice by then, which may count as tries of a wrong one, and sent on each time instead of answering.`,
        info: { remedy: { text: expect.stringContaining('Check user name and password') as string } },
      });
      expect(seen).toHaveLength(2);
    },
  );

  test('to itself before a proof is followed', async () => {
    const seen: Seen[] = [];
    const start = await serve((request, response) => {
      if (request.headers.authorization) listing(seen)(request, response);
      else if (request.url === '/moved')
        response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
      else response.writeHead(302, { Location: '/moved' }).end();
    });
    await list(start, () => true, undefined, undefined, 'Digest');
    expect(seen.map(({ path }) => path)).toEqual(['/moved']);
  });
});
