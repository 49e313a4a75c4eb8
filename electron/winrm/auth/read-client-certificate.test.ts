import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  LOCKED_PEM,
  NEW_PFX,
  OLD_KEY_PEM,
  OLD_PFX,
  PASSPHRASE,
  SCRYPT_PEM,
} from './client-certificate-fixture.ts';
import { demandUsable } from './client-certificate.ts';
import { readClientCertificate } from './read-client-certificate.ts';

const bytes = (text: string) => Buffer.from(text);
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(LOCKED_PEM)?.[0] ?? '';
const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe('a certificate with its key is read', () => {
  test.each([
    ['of a PFX file', NEW_PFX],
    ['of a PFX file as Windows and OpenSSL 1 wrote it, with RC2 and 3DES', OLD_PFX],
    ['of PEM', bytes(LOCKED_PEM)],
    ['of PEM with a key as OpenSSL 1 wrote it', bytes(OLD_KEY_PEM + CERTIFICATE)],
  ])('%s', async (_, file) => {
    const { username, info, chain, key } = await readClientCertificate(file, PASSPHRASE);
    expect(username).toBe('alice');
    expect(info).toEqual({
      subject: 'O=Lab, CN=alice',
      issuer: 'CN=Lab CA',
      thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
      validFrom: expect.any(Number),
      validTo: expect.any(Number),
    });
    expect(chain[0]?.checkPrivateKey(key)).toBe(true);
    expect(chain).toHaveLength(1); // a root is nobody's to send
  });

  test.each([
    [
      'little-endian, as PowerShell’s “>” writes it',
      (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    ],
    ['big-endian', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('of PEM in UTF-16, %s', async (_, encode) => {
    const file = encode(LOCKED_PEM.replaceAll('\n', '\r\n'));
    expect((await readClientCertificate(file, PASSPHRASE)).username).toBe('alice');
  });

  test('of PEM with a key that scrypt stretches, as OpenSSL does it', async () => {
    const { chain, key } = await readClientCertificate(bytes(SCRYPT_PEM), 'x');
    expect(chain[0]?.checkPrivateKey(key)).toBe(true);
    await expect(readClientCertificate(bytes(SCRYPT_PEM), 'y')).rejects.toThrow(
      expect.objectContaining({ kind: 'unauthenticated' }),
    );
  });

  test('and prints without its key', async () => {
    const certificate = await readClientCertificate(NEW_PFX, PASSPHRASE);
    expect(JSON.stringify(certificate)).not.toMatch(/PRIVATE|"d"/);
    expect(JSON.parse(JSON.stringify(certificate)).key).toEqual({});
  });
});

describe('what is no use says why', () => {
  test.each([
    ['a PFX file', NEW_PFX],
    ['an old PFX file', OLD_PFX],
    ['PEM', bytes(LOCKED_PEM)],
    ['old PEM', bytes(OLD_KEY_PEM + CERTIFICATE)],
  ])('the passphrase of %s is wrong, or missing', async (_, file) => {
    for (const passphrase of ['wrong', '', `${PASSPHRASE} `])
      await expect(readClientCertificate(file, passphrase)).rejects.toThrow(
        expect.objectContaining({ kind: 'unauthenticated', message: expect.stringContaining('passphrase') }),
      );
  });

  test.each([
    ['no key', CERTIFICATE, 'not its private key'],
    [
      'a .cer file',
      Buffer.from(CERTIFICATE.replace(/-----[^-]+-----/g, ''), 'base64'),
      'not its private key',
    ],
    ['no certificate', newKey(), 'no certificate'],
    ['another’s key', newKey() + CERTIFICATE, 'not that of its certificate'],
    ['something else', 'hello', 'no PFX file'],
    ['a broken key', CERTIFICATE + newKey().replace(/M.{20}/, 'AAAA'), 'key in the file cannot be read'],
    ['too much', Buffer.alloc(1_000_001), 'too big'],
  ])('%s', async (_, file, sentence) => {
    await expect(readClientCertificate(Buffer.from(file as string), '')).rejects.toThrow(
      expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(sentence) }),
    );
  });

  test('a PFX file that went through PowerShell’s “>” says how to write it', async () => {
    const file = Buffer.from(`\uFEFF${NEW_PFX.toString('latin1')}`, 'utf16le');
    await expect(readClientCertificate(file, PASSPHRASE)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('UTF-16') as string,
      info: { remedy: { command: expect.stringContaining('-out BOTH.pfx') as string } },
    });
  });

  test.each([
    ['scrypt with more memory than is given', '02024000020108', '0202400002017f', 'more than 64 MB'],
    ['a way that is not known', '06092b06010401da47040b', '06092b06010401da47040c', 'does not read'],
    ['scrypt of a cost that is none', '02024000020108', '02024001020108', 'cannot be read'],
  ])('a key that is locked by %s', async (_, from, to, sentence) => {
    const [, body = ''] = /KEY-----\n([^-]+)/.exec(SCRYPT_PEM) ?? [];
    const changed = Buffer.from(Buffer.from(body, 'base64').toString('hex').replace(from, to), 'hex');
    const file = SCRYPT_PEM.replace(body, `${changed.toString('base64')}\n`);
    await expect(readClientCertificate(bytes(file), 'x')).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(sentence) as string,
      ...(sentence !== 'cannot be read' && {
        info: { remedy: { command: expect.stringContaining('openssl pkcs8 -topk8') as string } },
      }),
    });
  });

  test('a key that DES locks is said to be that, whatever the passphrase', async () => {
    const des = OLD_KEY_PEM.replace(/DEK-Info: [^\r\n]*/, 'DEK-Info: DES-CBC,A18F80917F1EEFE9');
    expect(des).not.toBe(OLD_KEY_PEM);
    await expect(readClientCertificate(bytes(des + CERTIFICATE), PASSPHRASE)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('cipher that is not read here') as string,
      info: { remedy: { command: expect.stringContaining('openssl pkcs8') as string } },
    });
  });

  test('a PFX file that breaks off anywhere is never opened, and never anything but refused', async () => {
    for (let length = 0; length < NEW_PFX.length; length += 7)
      await expect(readClientCertificate(NEW_PFX.subarray(0, length), PASSPHRASE)).rejects.toThrow(
        expect.objectContaining({ name: 'WinRMError', kind: 'invalid' }),
      );
  });

  test('a PFX file with one changed byte is refused, or holds the same certificate', async () => {
    for (let at = 0; at < NEW_PFX.length; at += 97) {
      const changed = Buffer.from(NEW_PFX);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      try {
        expect((await readClientCertificate(changed, PASSPHRASE)).username).toBe('alice');
      } catch (error) {
        expect(error).toMatchObject({ name: 'WinRMError' });
      }
    }
  });
});

const certificate = await readClientCertificate(NEW_PFX, PASSPHRASE);

describe('before anything is sent it is said that a certificate', () => {
  const { validFrom, validTo } = certificate.info;

  test('is expired, or not valid yet', () => {
    expect(() => demandUsable(certificate, validTo + 1)).toThrow('alice expired on 2');
    expect(() => demandUsable(certificate, validFrom - 1)).toThrow('valid only from 2');
    expect(() => demandUsable(certificate, validFrom + 1)).not.toThrow();
  });

  test('has a key that may not sign', () => {
    const of = (...base64: readonly string[]) => new X509Certificate(Buffer.from(base64.join(''), 'base64'));
    const usable = (own: X509Certificate) => () =>
      demandUsable({ ...certificate, chain: [own] }, validFrom + 1);
    expect(usable(of(...ENCRYPTS))).toThrow('Digital Signature is not among its key usages');
    expect(usable(of(...SIGNS))).not.toThrow();
  });
});

/** Self-signed, for Client Authentication, with one key usage each; made with OpenSSL 3.0. */
const ENCRYPTS = [
  'MIIBnDCCAUKgAwIBAgIUKtb6ZG7WyMrKdwOozFpi/6afYQ8wCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFYWxpY2UwIBcNMjYxMTI4',
  'MjIwMTE4WhgPMjEyNjExMDQyMjAxMThaMBAxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+7wSRJlv',
  'v6p/xBzPsMeX6b4ERNedh2a3U9oKSefRpayyiaPBCwNbGEahcwgna0kJJrnYN2dFQZ8jzDroft6MRqN4MHYwHQYDVR0OBBYEFADd',
  'cghN022z63h1OEwGCxoDyvVvMB8GA1UdIwQYMBaAFADdcghN022z63h1OEwGCxoDyvVvMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0P',
  'AQH/BAQDAgUgMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0gAMEUCIHlGhbiDY0F+YlMDKuyNSANmL2c2BT59UWFH',
  'Sr1OXLKhAiEA2wICBwggPNDlSLqXvU73zBzN9x69RLwoi7vEjE1dESY=',
];
const SIGNS = [
  'MIIBnDCCAUKgAwIBAgIUTPb9asnA7dujgSB00VwF+rALTI8wCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFYWxpY2UwIBcNMjYxMTI4',
  'MjIwMTE4WhgPMjEyNjExMDQyMjAxMThaMBAxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+7wSRJlv',
  'v6p/xBzPsMeX6b4ERNedh2a3U9oKSefRpayyiaPBCwNbGEahcwgna0kJJrnYN2dFQZ8jzDroft6MRqN4MHYwHQYDVR0OBBYEFADd',
  'cghN022z63h1OEwGCxoDyvVvMB8GA1UdIwQYMBaAFADdcghN022z63h1OEwGCxoDyvVvMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0P',
  'AQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0gAMEUCIG2ABlpJbUUJr9V+OJ0JezTnepPN5YwsT7HO',
  'lOltWBLwAiEA5WTCC80Nx0YPGyd9+ebLAKxBUwQkrdr6sRdwTSkaZjE=',
];
