import { describe, expect, test } from 'vitest';
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

const missing = announceSkip('revocation lists against OpenSSL', missingOpenssl());

describe.skipIf(missing !== undefined)('revocation lists', () => {
  if (missing !== undefined) return;
  const scene = new RevocationScene();
  const { lab } = scene;

  describe('by a list', () => {
    test.each([['ec'], ['rsa:2048']])('good and revoked, of an authority with a key of %s', async (key) => {
      const port = await freePort();
      const authority = `authority${key.slice(0, 3)}`;
      lab.issue({ name: authority, isAuthority: true, key });
      const name = scene.issue([listAt(port)], authority);
      const tls = await lab.startServer(name, undefined, '-cert_chain', lab.at(`${authority}.crt`));
      let list = lab.list(authority);
      await scene.serve((_, response) => void response.end(list), port);
      expect(await scene.connect(tls)).toContain(`Not revoked, by the revocation list at 127.0.0.1:${port}.`);
      lab.revoke(name, authority);
      list = lab.list(authority);
      await expect(scene.connect(tls)).rejects.toMatchObject(revoked(/revocation list/));
      list = lab.list(authority, key === 'ec' ? ['-md', 'sha384'] : ['-sigopt', 'rsa_padding_mode:pss']);
      await expect(scene.connect(tls)).rejects.toMatchObject(revoked(/revocation list/));
    });

    test('that of another place of the same authority says nothing', async () => {
      const port = await freePort();
      const name = scene.issue([listAt(port)]);
      const scope = (path: string) => [
        'issuingDistributionPoint=critical,@point',
        '[point]',
        `fullname=URI:http://127.0.0.1:${port}${path}`,
      ];
      let list = lab.list('authority', [], scope('/other.crl'));
      await scene.serve((_, response) => void response.end(list), port);
      const tls = await lab.startServer(name);
      await expect(scene.connect(tls)).rejects.toMatchObject(unchecked(/another place/));
      list = lab.list('authority', [], scope('/a.crl'));
      expect(await scene.connect(tls)).toMatch(/^Not revoked/);
    });

    test.each<[string, () => Buffer, RegExp]>([
      [
        'of another authority',
        () => (lab.issue({ name: 'alien', isAuthority: true }), lab.list('alien')),
        /another authority/,
      ],
      [
        'that is over',
        () =>
          lab.list('authority', ['-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20200201000000Z']),
        /held until 2020-02-01/,
      ],
      [
        'of authorities alone',
        () => lab.list('authority', [], ['issuingDistributionPoint=critical,@p', '[p]', 'onlyCA=TRUE']),
        /other certificates/,
      ],
      [
        'of some reasons alone',
        () =>
          lab.list(
            'authority',
            [],
            ['issuingDistributionPoint=critical,@p', '[p]', 'onlysomereasons=keyCompromise'],
          ),
        /not read here/,
      ],
      ['with SHA-1', () => lab.list('authority', ['-md', 'sha1']), /no proof any more/],
    ])('one %s says nothing', async (_, list, why) => {
      const port = await freePort();
      const name = scene.issue([listAt(port)]);
      await scene.serve(send(list()), port);
      await expect(scene.connect(await lab.startServer(name))).rejects.toMatchObject(unchecked(why));
    });

    test('a revoked authority is refused with its date, also where its computer’s certificate could not be asked about', async () => {
      const port = await freePort();
      lab.issue({ name: 'felled', isAuthority: true, extensions: [listAt(port)] });
      const name = scene.issue([responderAt(await freePort())], 'felled');
      lab.revoke('felled', 'authority', 'CACompromise');
      await scene.serve(send(lab.list()), port);
      const tls = await lab.startServer(name, undefined, '-cert_chain', lab.at('felled.crt'));
      await expect(scene.connect(tls)).rejects.toMatchObject({
        ...revoked(/list/),
        info: expect.not.objectContaining({ certificate: expect.anything() }),
      });
    });

    test('a long one tells of whom it has and of whom it has not', async () => {
      const port = await freePort();
      lab.issue({ name: 'old', isAuthority: true });
      const [gone, stays] = [scene.issue([listAt(port)], 'old'), scene.issue([listAt(port)], 'old')];
      lab.bookRevoked('old', 30_000);
      lab.revoke(gone, 'old');
      await scene.serve(send(lab.list('old')), port);
      const known = revocations();
      const chain = ['-cert_chain', lab.at('old.crt')];
      const servers = [
        await lab.startServer(gone, undefined, ...chain),
        await lab.startServer(stays, undefined, ...chain),
      ];
      await expect(scene.connect(servers[0]!, { revocations: known })).rejects.toMatchObject(
        revoked(/revocation list/),
      );
      expect(await scene.connect(servers[1]!, { revocations: known })).toMatch(/^Not revoked/);
    });

    test('a revoked authority is refused, though its computer’s certificate stands', async () => {
      const port = await freePort();
      lab.issue({ name: 'fallen', isAuthority: true, extensions: [listAt(port)] });
      const name = scene.issue([], 'fallen');
      lab.revoke('fallen', 'authority', 'CACompromise');
      await scene.serve(send(lab.list()), port);
      const tls = await lab.startServer(name, undefined, '-cert_chain', lab.at('fallen.crt'));
      await expect(scene.connect(tls)).rejects.toMatchObject({
        ...revoked(/list/),
        message: expect.stringContaining('the certificate of its authority was revoked'),
      });
    });
  });

  describe('nobody to ask:', () => {
    test.each([
      ['no place at all', [], 'it names no place to ask'],
      [
        'ldap alone',
        ['crlDistributionPoints=URI:ldap:///CN=lab?certificateRevocationList'],
        'it names no place that is asked over http',
      ],
      [
        'https alone',
        ['crlDistributionPoints=URI:https://127.0.0.1/a.crl'],
        'it names no place that is asked over http',
      ],
    ])('%s goes on, and that is said', async (_, extensions, why) => {
      const said = await scene.connect(await lab.startServer(scene.issue(extensions)));
      expect(said).toBe(`Whether it was revoked was not checked: ${why}.`);
    });

    test('an http address that cannot be read is somebody named, of whom nothing came', async () => {
      const port = await lab.startServer(scene.issue(['crlDistributionPoints=URI:http://[bad/a.crl']));
      await expect(scene.connect(port)).rejects.toMatchObject(unchecked(/its address cannot be read/));
    });

    test('a pinned certificate is not asked about, nor one that is signed by nobody known', async () => {
      const name = scene.issue([responderAt(await freePort())]);
      const port = await lab.startServer(name);
      const pinnedCertificate = lab
        .run('x509', '-in', lab.at(`${name}.crt`), '-noout', '-fingerprint', '-sha256')
        .toString()
        .replace(/^.*=|[:\s]/g, '')
        .toLowerCase();
      expect(await scene.connect(port, { pinnedCertificate })).toBe('Nothing was said.');
      expect(await scene.connect(port, { skipCACheck: true, trustedRoots: [] })).toMatch(
        /nobody that this machine/,
      );
      await expect(scene.connect(port, { skipCACheck: true })).rejects.toMatchObject(
        unchecked(/ECONNREFUSED/),
      );
    });
  });

  test('who refuses one question is asked the next: a dead responder beside its list holds nobody up', async () => {
    const paths: string[] = [];
    const port = await scene.serve(({ url = '' }, response) => {
      paths.push(url);
      if (url === '/a.crl') response.end(lab.list());
      else response.writeHead(404).end();
    });
    const names = [0, 1].map(() => scene.issue([responderAt(port), listAt(port)]));
    const known = revocations();
    for (const name of names)
      expect(await scene.connect(await lab.startServer(name), { revocations: known })).toBe(
        `Not revoked, by the revocation list at 127.0.0.1:${port}.`,
      );
    expect(paths).toEqual(['/', '/a.crl', '/']);
  });

  test('a sweep asks once for each certificate and each list, and a silent place once in a while', async () => {
    const paths: string[] = [];
    const port = await freePort();
    const name = scene.issue([listAt(port)]);
    const other = scene.issue([listAt(port)]);
    const list = lab.list();
    await scene.serve(
      (incoming, response) => void (paths.push(incoming.url ?? ''), response.end(list)),
      port,
    );
    const known = revocations();
    const [tls, second] = [await lab.startServer(name), await lab.startServer(other)];
    await Promise.all([
      scene.connect(tls, { revocations: known }),
      scene.connect(second, { revocations: known }),
    ]);
    await scene.connect(tls, { revocations: known });
    expect(paths).toEqual(['/a.crl']);

    let asked = 0;
    const silent = await scene.serve(() => void asked++);
    const [one, two] = [scene.issue([responderAt(silent)]), scene.issue([responderAt(silent)])];
    await expect(scene.connect(await lab.startServer(one), { revocations: known })).rejects.toMatchObject(
      unchecked(/within/),
    );
    await expect(scene.connect(await lab.startServer(two), { revocations: known })).rejects.toMatchObject(
      unchecked(/a moment ago it did not answer/),
    );
    expect(asked).toBe(1);
  });
});
