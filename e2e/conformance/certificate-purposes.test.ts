import { describe, expect, test } from 'vitest';
import { announceSkip } from '../peers/skip.ts';
import { missingOpenssl } from './certificate-lab.ts';
import { RevocationScene } from './revocation-scene.ts';

const missing = announceSkip('purposes of certificates against OpenSSL', missingOpenssl());

describe.skipIf(missing !== undefined)('what the certificate of a computer is for', () => {
  if (missing !== undefined) return;
  const scene = new RevocationScene();
  const { lab } = scene;

  async function serve(name: string, ...purposes: readonly string[]): Promise<number> {
    lab.issue({ name, extensions: ['subjectAltName=DNS:localhost', ...purposes] });
    return lab.startServer(name);
  }

  test('one for clients alone is refused, whoever signed it and whether that is asked or not', async () => {
    const port = await serve('client', 'extendedKeyUsage=clientAuth');
    await expect(scene.connect(port)).rejects.toMatchObject({ kind: 'untrusted' });
    await expect(scene.connect(port, { skipCACheck: true, trustedRoots: [] })).rejects.toMatchObject({
      kind: 'untrusted',
      message: 'The certificate of localhost is not one for servers.',
    });
  });

  test.each([
    ['none', []],
    ['any', ['extendedKeyUsage=anyExtendedKeyUsage']],
    ['both', ['extendedKeyUsage=clientAuth,serverAuth']],
  ])('one that names %s is one for servers, too', async (name, purposes) => {
    const port = await serve(name, ...purposes);
    expect(await scene.connect(port, { skipCACheck: true, trustedRoots: [] })).toMatch(/was not checked/);
  });
});
