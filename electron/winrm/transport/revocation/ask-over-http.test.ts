import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Proxy } from '../proxy-settings.ts';
import { askOverHttp, Silent } from './ask-over-http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Hears on loopback. @returns its port */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ask = (address: string, proxyFor: (url: URL) => Proxy | undefined = () => undefined) =>
  askOverHttp(address, {
    maxBytes: 100,
    timeoutMs: 2_000,
    proxyFor: (url) => Promise.resolve(proxyFor(url)),
  });

test('a proxy is given the whole address, and what it answers is taken', async () => {
  const asked: string[] = [];
  const port = await serve(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} of ${headers.host}`);
    response.end('list');
  });
  const answer = await ask('http://pki.lab.test/a.crl?x', () => ({ hostname: '127.0.0.1', port }));
  expect([asked, answer.toString()]).toEqual([['GET http://pki.lab.test/a.crl?x of pki.lab.test'], 'list']);
});

test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '127.1', '0.0.0.0', '[::1]', '169.254.10.10'])(
  'who is elsewhere does not send on to %s',
  async (own) => {
    let asked = 0;
    const inside = await serve((_, response) => void (asked++, response.end('secret')));
    const port = await serve(
      (_, response) => void response.writeHead(302, { Location: `http://${own}:${inside}/` }).end(),
    );
    const byProxy = ({ hostname }: URL) =>
      hostname === 'pki.lab.test' ? { hostname: '127.0.0.1', port } : undefined;
    await expect(ask('http://pki.lab.test/a.crl', byProxy)).rejects.toThrow(/only this machine reaches/);
    expect(asked).toBe(0);
  },
);

test('on this machine one may send on to another', async () => {
  const inside = await serve((_, response) => void response.end('list'));
  const port = await serve(
    (_, response) => void response.writeHead(302, { Location: `http://127.0.0.1:${inside}/` }).end(),
  );
  expect((await ask(`http://127.0.0.1:${port}/`)).toString()).toBe('list');
});

test('nobody there is silence; a refusal, or no HTTP, is an answer', async () => {
  const port = await serve((_, response) => void response.writeHead(404).end());
  await expect(ask(`http://127.0.0.1:${port}/`)).rejects.not.toBeInstanceOf(Silent);
  const rude = await serve(({ socket }) => void socket.end('nonsense\r\n\r\n'));
  await expect(ask(`http://127.0.0.1:${rude}/`)).rejects.not.toBeInstanceOf(Silent);
  servers.pop()?.close();
  const free = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(ask(`http://127.0.0.1:${free}/`)).rejects.toBeInstanceOf(Silent);
});
