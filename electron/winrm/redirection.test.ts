import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuthenticationMechanism, Endpoint } from '../../shared/computer.ts';
import { WinRMError } from './error.ts';
import { openComputer } from './index.ts';
import { Redirection, redirectedTo, refused } from './redirection.ts';

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

async function serve(handler: RequestListener, address = '127.0.0.1'): Promise<Endpoint> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is always of this form
  return { scheme: 'http', hostname: address, port, path: '/wsman' };
}

/** The requests of all servers, in order. */
interface Seen {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly to: string | undefined;
}

async function seenOf(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const piece of request.setEncoding('utf8') as AsyncIterable<string>) body += piece;
  const { url: path, headers } = request;
  return { path, authorization: headers.authorization, to: /<a:To>([^<]*)</.exec(body)?.[1] };
}

const EMPTY_LIST =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header/><s:Body><n:EnumerateResponse><w:Items/><w:EndOfSequence/></n:EnumerateResponse></s:Body></s:Envelope>';

const listing = (seen: Seen[]): RequestListener => {
  return (request, response) =>
    void seenOf(request).then((one) => {
      seen.push(one);
      response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(EMPTY_LIST);
    });
};

const redirecting = (seen: Seen[], status: number, location: (count: number) => string): RequestListener => {
  return (request, response) =>
    void seenOf(request).then((one) => {
      seen.push(one);
      response.writeHead(status, { Location: location(seen.length) }).end();
    });
};

const url = ({ hostname, port, path }: Endpoint) => `http://${hostname}:${port}${path}`;

function list(
  endpoint: Endpoint,
  mayRedirect?: (from: Endpoint, to: Endpoint) => boolean,
  maximum?: number,
  redirectTo?: string[],
  authentication: AuthenticationMechanism = 'Basic',
): Promise<unknown> {
  const computer = openComputer({
    computerName: endpoint.hostname,
    endpoint,
    options: {
      authentication,
      allowBasicOverHttp: true,
      ...(redirectTo && { redirectTo }),
      ...(maximum !== undefined && { sessionOption: { maximumConnectionRedirectionCount: maximum } }),
    },
    credential: { username: 'alice', password: 'Passw0rd!' },
    ...(mayRedirect && { mayRedirect }),
  });
  return computer.list({}, { strict: false }).finally(() => computer.close());
}

describe('a computer that redirects', () => {
  test.each([301, 302, 307, 308])('is followed where that is allowed: %i', async (status) => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, status, () => url({ ...end, path: '/moved' })));
    const asked: Endpoint[][] = [];
    await list(start, (from, to) => asked.push([from, to]) > 0);
    expect(asked).toEqual([[start, { ...end, path: '/moved' }]]);
    // The request is the new place's: its address stands in the message, too.
    expect(seen.map(({ path, to }) => [path, to])).toEqual([
      ['/wsman', url(start)],
      ['/moved', url({ ...end, path: '/moved' })],
    ]);
    expect(seen[1]?.authorization).toMatch(/^Basic /);
  });

  test('is asked at the new place from then on', async () => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, 302, () => url(end)));
    const computer = openComputer({
      computerName: 'web01',
      endpoint: start,
      options: { authentication: 'Basic', allowBasicOverHttp: true },
      credential: { username: 'alice', password: 'Passw0rd!' },
      mayRedirect: () => true,
    });
    await Promise.all([computer.list({}, { strict: false }), computer.list({}, { strict: false })]);
    await computer.list({}, { strict: false });
    computer.close();
    expect(seen.filter(({ to }) => to === url(end))).toHaveLength(3);
    expect(seen.at(-1)?.to).toBe(url(end));
  });

  test('is not followed where nobody allowed it, and nothing is sent to the new place', async () => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, 302, () => url(end)));
    await expect(list(start)).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining(`redirects to ${url(end)}`) as string,
      info: {
        errorId: 'RedirectInformationRequired',
        remedy: { text: expect.stringContaining('AllowRedirection') as string },
        redirectsTo: `http://127.0.0.1:${end.port}`,
      },
    });
    await expect(list(start, () => false)).rejects.toThrow(/unless you allow it/);
    expect(seen.map(({ path }) => path)).toEqual(['/wsman', '/wsman']);
  });

  test('is followed to the places that its options allow, whatever their path, and to no other', async () => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, 307, () => url({ ...end, path: '/moved' })));
    const place = `http://127.0.0.1:${end.port}`;
    await expect(list(start, undefined, undefined, ['http://127.0.0.1:1'])).rejects.toMatchObject({
      info: { redirectsTo: place },
    });
    await list(start, undefined, undefined, [place]);
    expect(seen.map(({ path }) => path)).toEqual(['/wsman', '/wsman', '/moved']);
  });

  test('in a circle is given up when it comes round', async () => {
    const seen: Seen[] = [];
    const places: Endpoint[] = [];
    for (let i = 0; i < 3; i++)
      places.push(await serve(redirecting(seen, 302, () => url(places[(i + 1) % 3]!))));
    await expect(list(places[0]!, () => true, -1)).rejects.toThrow(/circle/);
    expect(seen).toHaveLength(3);
  });

  test.each([
    [0, 1],
    [1, 2],
    [2, 3],
    [5, 6],
    [-1, 51],
  ])('to ever new places is followed %i times at most', async (maximum, requests) => {
    const seen: Seen[] = [];
    const places: Endpoint[] = [];
    for (let i = 0; i <= requests; i++)
      places.push(await serve(redirecting(seen, 302, (count) => url(places[count]!))));
    await expect(list(places[0]!, () => true, maximum)).rejects.toThrow(
      maximum === 1 ? /more than one redirection \(/ : /more than \d+ redirections/,
    );
    expect(seen).toHaveLength(requests);
  });

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
        message: `127.0.0.1 redirects to ${url({ ...start, path: '/next/1' })}. It was shown the password by then, which is not sent to it again by itself.`,
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
    const computer = openComputer({
      computerName: 'web01',
      endpoint: start,
      options: { authentication: 'Basic', allowBasicOverHttp: true },
      credential: { username: 'alice', password: 'Passw0rd!' },
      mayRedirect: () => true,
    });
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
    await expect(list(places[0]!, () => true, -1)).rejects.toThrow(/shown the password by then/);
    expect(seen).toHaveLength(2);
  });

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

  test('with a status that would make a GET of the request is not followed', async () => {
    const seen: Seen[] = [];
    const start = await serve(redirecting(seen, 303, () => '/next'));
    await expect(list(start, () => true)).rejects.toThrow(/not followed/);
    expect(seen).toHaveLength(1);
  });
});

describe('a place to redirect to', () => {
  const from: Endpoint = { scheme: 'https', hostname: 'web01', port: 5986, path: '/wsman' };
  test.each<[string, Endpoint]>([
    ['/other', { ...from, path: '/other' }],
    ['https://mail.example/', { scheme: 'https', hostname: 'mail.example', port: 443, path: '/wsman' }],
    [
      'http://web01/wsman?PSVersion=5.1',
      { scheme: 'http', hostname: 'web01', port: 80, path: '/wsman?PSVersion=5.1' },
    ],
    ['//[::1]:99/x', { scheme: 'https', hostname: '::1', port: 99, path: '/x' }],
  ])('%s is read', (location, to) => {
    expect(redirectedTo(from, location)).toEqual(to);
  });

  test.each([
    'ftp://web01/',
    'javascript:alert(1)',
    'http://',
    'https://user:secret@web01/',
    'file:///etc/passwd',
  ])('%s is none', (location) => {
    expect(() => redirectedTo(from, location)).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({
          errorId: 'RedirectLocationInvalid',
          remedy: { text: expect.stringContaining('web01:5986') as string },
        }) as object,
      }),
    );
  });

  test('is never one without TLS, whatever is allowed', () => {
    const redirection = new Redirection(from, { mayRedirect: () => true, maximum: -1 });
    const error = new WinRMError('protocol', 'moved', { location: 'http://web01:5985/wsman' });
    expect(() => redirection.follow(error)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/leave TLS/) as string,
        info: expect.not.objectContaining({ redirectsTo: expect.anything() as string }) as object,
      }),
    );
    expect(redirection.endpoint).toBe(from);
  });
});

test.each([
  String.raw`/x?p=ab\"cd&ef`,
  String.raw`/ab\"cd&ef/w`,
  String.raw`/\u0061\u0062\u0022/w`,
  '/ab%22cd/w',
  '/S3cr&t+P"\u00c3\u00a4/9',
  '/a/..%2fb',
])('of a path that escapes something only the place is told: %s', (location) => {
  const from: Endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' };
  const to = redirectedTo(from, `http://other.example:80${location}`);
  expect(refused(from, to, 'No.').message).toBe('web01 redirects to http://other.example:80/…. No.');
});

test('a path as any WinRM has it is told', () => {
  const from: Endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' };
  const to = redirectedTo(from, 'https://other.example:5986/wsman?PSVersion=5.1.14393.0');
  expect(refused(from, to, 'No.').message).toBe(
    'web01 redirects to https://other.example:5986/wsman?PSVersion=5.1.14393.0. No.',
  );
});
