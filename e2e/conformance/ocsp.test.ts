import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { judgeTls } from '../../electron/winrm/diagnose/judge.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import { openProbe } from '../../electron/winrm/transport/open-probe.ts';
import { announceSkip } from '../peers/skip.ts';
import { missingOpenssl } from './certificate-lab.ts';
import { freePort } from './revocation-lab.ts';
import {
  responderAt,
  listAt,
  revocations,
  RevocationScene,
  revoked,
  send,
  unchecked,
} from './revocation-scene.ts';

const missing = announceSkip('OCSP against OpenSSL', missingOpenssl());

describe.skipIf(missing !== undefined)('OCSP', () => {
  if (missing !== undefined) return;
  const scene = new RevocationScene();
  const { lab } = scene;

  describe.each(['-tls1_2', '-tls1_3'])('stapled by s_server %s', (version) => {
    test('a good one is taken, and nobody else is asked', async () => {
      let asked = 0;
      const port = await scene.serve((_, response) => void (asked++, response.end()));
      const name = scene.issue([responderAt(port)]);
      writeFileSync(lab.at('staple.der'), lab.ocsp(name));
      const said = await scene.connect(await lab.startServer(name, 'staple.der', version));
      expect([said, asked]).toEqual(['Not revoked, by the OCSP response that it brought along.', 0]);
    });

    test('a revoked one is refused, with its date', async () => {
      const name = scene.issue([]);
      lab.revoke(name);
      writeFileSync(lab.at('staple.der'), lab.ocsp(name));
      const port = await lab.startServer(name, 'staple.der', version);
      await expect(scene.connect(port)).rejects.toMatchObject({
        ...revoked(/brought along/),
        info: expect.not.objectContaining({ certificate: expect.anything() }),
      });
    });
  });

  test('a stapled answer that is weeks old counts for nothing, however long it holds', async () => {
    const name = scene.issue([responderAt(await freePort())]);
    writeFileSync(lab.at('staple.der'), lab.ocsp(name, { how: ['-ndays', '60'] }));
    const port = await lab.startServer(name, 'staple.der');
    const inDays = (days: number) => revocations(() => Date.now() + days * 86_400_000);
    expect(await scene.connect(port, { revocations: inDays(9) })).toMatch(/^Not revoked/);
    await expect(scene.connect(port, { revocations: inDays(11) })).rejects.toMatchObject(
      unchecked(/brought along: it is of \d{4}-.* which is long ago/),
    );
  });

  test('a computer that hangs up while others are asked about it is not waited for', async () => {
    const name = scene.issue([responderAt(await scene.serve(() => undefined))]);
    const server = createServer({ key: lab.read(`${name}.key`), cert: lab.read(`${name}.crt`) });
    server.on('secureConnection', (socket) => void setTimeout(() => socket.destroy(), 50));
    server.listen(0, 'localhost');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      await expect(scene.connect(port)).rejects.toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining('broke the connection off'),
      });
    } finally {
      server.close();
    }
  });

  test('a stapled answer about another certificate counts for nothing; the responder is asked', async () => {
    const port = await freePort();
    const name = scene.issue([responderAt(port)]);
    writeFileSync(lab.at('staple.der'), lab.ocsp(scene.issue([])));
    lab.revoke(name);
    await lab.startResponder(port);
    await expect(scene.connect(await lab.startServer(name, 'staple.der'))).rejects.toMatchObject(
      revoked(/OCSP responder at 127/),
    );
  });

  test('no account is sent to who shows a revoked certificate; diagnostics say how it was found', async () => {
    const port = await freePort();
    const name = scene.issue([responderAt(port)]);
    await lab.startResponder(port);
    let requests = 0;
    const server = createServer(
      { key: lab.read(`${name}.key`), cert: lab.read(`${name}.crt`) },
      (_, response) =>
        void (requests++, response.setHeader('Content-Type', 'application/soap+xml').end('<ok/>')),
    ).listen(0, 'localhost');
    await once(server, 'listening');
    const where = (server.address() as AddressInfo).port;
    const endpoint = { scheme: 'https', hostname: 'localhost', port: where, path: '/wsman' } as const;
    const trustedRoots = [lab.read('authority.crt').toString()];
    const signal = new AbortController().signal;
    const ask = async () => {
      const how = { authentication: 'Basic', trustedRoots, revocations: revocations() } as const;
      const channel = openChannel(endpoint, { username: 'alice', password: 'Passw0rd!' }, how);
      return channel.post('<a/>', signal).finally(() => channel.close());
    };
    const diagnose = async () => {
      const probe = openProbe(endpoint, { trustedRoots, revocations: revocations() });
      await probe.connect(signal);
      const found = await probe.secure(signal).finally(() => probe.close());
      return judgeTls(found, undefined, Date.now() - 30 * 86_400_000);
    };
    try {
      expect([await ask(), requests]).toEqual(['<ok/>', 1]);
      const by = `by the OCSP responder at 127.0.0.1:${port}.`;
      expect(await diagnose()).toMatchObject({
        verdict: 'ok',
        sentence: expect.stringMatching(new RegExp(`trusted, until .* Not revoked, ${by} TLS 1.3.$`)),
      });
      lab.revoke(name);
      await lab.stop();

      await lab.startResponder(port);
      await expect(ask()).rejects.toMatchObject(revoked(/OCSP responder/));
      expect(requests).toBe(1);
      expect(await diagnose()).toMatchObject({
        verdict: 'failed',
        sentence: expect.stringContaining('was revoked on'),
        error: { faultCode: 12170 },
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  describe('by the OCSP responder', () => {
    test.each([
      ['the authority itself', undefined],
      ['one that it gave the right to', 'OCSPSigning'],
    ])('a good one is taken from %s', async (_, purpose) => {
      const port = await freePort();
      const name = scene.issue([responderAt(port)]);
      const signer = 'responder';
      if (purpose) lab.issue({ name: signer, extensions: [`extendedKeyUsage=${purpose}`], key: 'rsa:2048' });
      await lab.startResponder(port, purpose ? signer : 'authority');
      expect(await scene.connect(await lab.startServer(name))).toBe(
        `Not revoked, by the OCSP responder at 127.0.0.1:${port}.`,
      );
    });

    test('one that has no right to sign is not heard', async () => {
      const port = await freePort();
      const name = scene.issue([responderAt(port)]);
      lab.issue({ name: 'busybody', extensions: ['extendedKeyUsage=serverAuth'] });
      await lab.startResponder(port, 'busybody');
      await expect(scene.connect(await lab.startServer(name))).rejects.toMatchObject(
        unchecked(/no right to/),
      );
    });

    test('a revoked one is refused', async () => {
      const port = await freePort();
      const name = scene.issue([responderAt(port)]);
      lab.revoke(name, 'authority', 'superseded');
      await lab.startResponder(port);
      const tls = await lab.startServer(name);
      await expect(scene.connect(tls)).rejects.toMatchObject({
        info: { causes: expect.arrayContaining([expect.stringContaining('it was superseded')]) },
      });
      expect(await scene.connect(tls, { skipRevocationCheck: true })).toBe('Nothing was said.');
    });

    test('one that it does not know is not trusted, unless a list tells of it', async () => {
      const [port, listed] = [await freePort(), await freePort()];
      lab.issue({ name: 'other', isAuthority: true });
      await lab.startResponder(port, 'authority', 'other');
      const lone = await lab.startServer(scene.issue([responderAt(port)]));
      await expect(scene.connect(lone)).rejects.toMatchObject(unchecked(/does not know the certificate/));
      await scene.serve(send(lab.list()), listed);
      const both = await lab.startServer(scene.issue([responderAt(port), listAt(listed)]));
      expect(await scene.connect(both)).toBe(`Not revoked, by the revocation list at 127.0.0.1:${listed}.`);
    });

    test('who answers for one authority has no right to for another', async () => {
      const port = await freePort();
      lab.issue({ name: 'another', isAuthority: true });
      const name = scene.issue([responderAt(port)], 'another');
      await lab.startResponder(port);
      const tls = await lab.startServer(name, undefined, '-cert_chain', lab.at('another.crt'));
      await expect(scene.connect(tls)).rejects.toMatchObject(unchecked(/no right to/));
    });
  });

  describe('what a responder may send instead of an answer:', () => {
    const strange = () => (lab.issue({ name: 'stranger', isAuthority: true }), 'stranger');
    test.each<[string, (name: string) => RequestListener, RegExp]>([
      ['one signed by somebody else', (name) => send(lab.ocsp(name, { signer: strange() })), /no right to/],
      ['one about another', () => send(lab.ocsp(scene.issue([]))), /about another certificate/],
      ['garbage', () => send(Buffer.from('<html>blocked</html>')), /cannot be read/],
      ['nothing', () => send(Buffer.alloc(0)), /cannot be read/],
      ['“try again later”', () => send(Buffer.from('30030a0103', 'hex')), /try again later/],
      ['an error of HTTP', () => send(Buffer.from('no'), 503), /HTTP 503/],
      ['silence', () => () => undefined, /did not answer within 1 s/],
      [
        'a body without end',
        () => (_, response) => {
          const more = () => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          };
          response.on('drain', more);
          more();
        },
        /longer than 1 MB|did not answer/,
      ],
      [
        'https',
        () => (_, response) => void response.writeHead(302, { Location: 'https://127.0.0.1/' }).end(),
        /not http/,
      ],
      [
        'a circle',
        () => (_, response) => void response.writeHead(302, { Location: '/' }).end(),
        /without end/,
      ],
    ])('%s', async (_, answer, why) => {
      const port = await freePort();
      const name = scene.issue([responderAt(port)]);
      await scene.serve(answer(name), port);
      await expect(scene.connect(await lab.startServer(name))).rejects.toMatchObject(unchecked(why));
    });

    test('an answer that is over', async () => {
      const port = await freePort();
      const name = scene.issue([responderAt(port)]);
      await scene.serve(send(lab.ocsp(name, { how: ['-nmin', '1'] })), port);
      const later = revocations(() => Date.now() + 10 * 60_000);
      await expect(scene.connect(await lab.startServer(name), { revocations: later })).rejects.toMatchObject(
        unchecked(/held until .* only/),
      );
    });

    test('nobody there at all; with SkipRevocationCheck it goes on, and says so', async () => {
      const name = scene.issue([responderAt(await freePort())]);
      const port = await lab.startServer(name);
      await expect(scene.connect(port)).rejects.toMatchObject({
        ...unchecked(/ECONNREFUSED/),
        info: {
          remedy: { text: expect.stringContaining('SkipRevocationCheck') },
          certificate: expect.anything(),
        },
      });
      const warnings: string[] = [];
      const onWarning = (sentence: string) => warnings.push(sentence);
      await scene.connect(port, { skipRevocationCheck: true, onWarning });
      expect(warnings).toEqual([
        'Whether the certificate of localhost was revoked is not checked (SkipRevocationCheck).',
      ]);
    });
  });
});
