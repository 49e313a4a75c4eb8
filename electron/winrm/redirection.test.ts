import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { WinRMError } from './error.ts';
import { closeRedirecting, list, listing, openAt, redirecting, serve, url } from './redirection-fixture.ts';
import type { Seen } from './redirection-fixture.ts';
import { Redirection, redirectedTo, refused } from './redirection.ts';

afterEach(closeRedirecting);

describe('a computer that redirects', () => {
  test.each([301, 302, 307, 308])('is followed where that is allowed: %i', async (status) => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, status, () => url({ ...end, path: '/moved' })));
    const asked: Endpoint[][] = [];
    await list(start, (from, to) => asked.push([from, to]) > 0);
    expect(asked).toEqual([[start, { ...end, path: '/moved', isPathUntold: true }]]);
    // The request is the new place's: its address stands in the message, too.
    expect(seen.map(({ path, to }) => [path, to])).toEqual([
      ['/wsman', url(start)],
      ['/moved', url({ ...end, path: '/moved' })],
    ]);
    expect(seen[1]?.authorization).toMatch(/^Basic /);
  });

  test('is told by its place where an answer named the path, and asked at the whole of it', async () => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, 302, () => url({ ...end, path: '/x/Passw0rd!' })));
    const computer = openAt(start, { mayRedirect: () => true });
    expect(computer.url).toBe(url(start));
    await computer.list({}, { strict: false });
    computer.close();
    expect(seen.map(({ path }) => path)).toEqual(['/wsman', '/x/Passw0rd!']);
    expect(computer.url).toBe(url({ ...end, path: '/…' }));
  });

  test('to what is no WinRM is told by the place, too', async () => {
    const end = await serve((_, response) => response.writeHead(404).end());
    const start = await serve(redirecting([], 302, () => url({ ...end, path: '/x/Se\\cret99' })));
    await expect(list(start, () => true)).rejects.toThrow(
      `serves nothing at ${url({ ...end, path: '/…' })}.`,
    );
  });

  test('is asked at the new place from then on', async () => {
    const seen: Seen[] = [];
    const end = await serve(listing(seen));
    const start = await serve(redirecting(seen, 302, () => url(end)));
    const computer = openAt(start, { mayRedirect: () => true });
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
    // Digest asks first, and proves nothing by that.
    await expect(list(places[0]!, () => true, -1, undefined, 'Digest')).rejects.toThrow(/circle/);
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
    await expect(list(places[0]!, () => true, maximum, undefined, 'Digest')).rejects.toThrow(
      maximum === 1 ? /more than one redirection \(/ : /more than \d+ redirections/,
    );
    expect(seen).toHaveLength(requests);
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
    ['/other', { ...from, path: '/other', isPathUntold: true }],
    ['https://mail.example/', { scheme: 'https', hostname: 'mail.example', port: 443, path: '/wsman' }],
    [
      'http://web01/wsman?PSVersion=5.1',
      { scheme: 'http', hostname: 'web01', port: 80, path: '/wsman?PSVersion=5.1' },
    ],
    ['//[::1]:99/x', { scheme: 'https', hostname: '::1', port: 99, path: '/x', isPathUntold: true }],
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
  '/login?p=Passw0rd',
  '/x/Se/cret99',
  '/cGF1bDpQcjB4eS1nZWhlaW0=',
  String.raw`/x?p=ab\"cd&ef`,
  String.raw`/ab\"cd&ef/w`,
  String.raw`/\u0061\u0062\u0022/w`,
  '/ab%22cd/w',
  '/S3cr&t+P"\u00c3\u00a4/9',
  '/a/..%2fb',
])('of a path that an answer named only the place is told: %s', (location) => {
  const from: Endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' };
  const to = redirectedTo(from, `http://other.example:80${location}`);
  expect(refused(from, to, 'No.').message).toBe('web01 redirects to http://other.example:80/…. No.');
});

test('the path of WinRM, and the one that was asked, are told', () => {
  const from: Endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' };
  const to = redirectedTo(from, 'https://other.example:5986/wsman?PSVersion=5.1.14393.0');
  expect(refused(from, to, 'No.').message).toBe(
    'web01 redirects to https://other.example:5986/wsman?PSVersion=5.1.14393.0. No.',
  );
  const own = redirectedTo({ ...from, path: '/PowerShell' }, 'https://other.example/PowerShell');
  expect(refused(from, own, 'No.').message).toBe(
    'web01 redirects to https://other.example:443/PowerShell. No.',
  );
  // What an answer named once is no path of ours the next time.
  const next = redirectedTo(redirectedTo(from, '/Se/cret99'), '/Se/cret99');
  expect(refused(from, next, 'No.').message).toBe('web01 redirects to http://web01:5985/…. No.');
});
