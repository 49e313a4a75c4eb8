import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { demandDigestUser, DigestClient } from './digest.ts';
import { chooseDigest } from './digest-challenge.ts';

const NOTHING = new Uint8Array();
const INDEX = { method: 'GET', uri: '/dir/index.html', body: NOTHING };
const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };
const RFC_7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

/** With our nonce as the example has it. */
function client(
  headers: readonly string[],
  credential: { username: string; password: string },
  cnonce = 'AAAA',
): DigestClient {
  const challenge = chooseDigest(headers);
  if (!challenge) throw new Error('no Digest');
  return new DigestClient(challenge, credential, { randomBytes: () => Buffer.from(cnonce, 'base64') });
}

const field = (header: string, name: string) =>
  new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^,]*))`).exec(header)?.slice(1).find(Boolean);
const hash = (algorithm: string, ...parts: string[]) =>
  createHash(algorithm).update(parts.join(':')).digest('hex');

describe('published vectors, bit by bit', () => {
  test('RFC 2617 3.5', () => {
    const challenge =
      'Digest realm="testrealm@host.com", qop="auth", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const mufasa = { username: 'Mufasa', password: 'Circle Of Life' };
    expect(client([challenge], mufasa, '0a4f113b').authorize(INDEX)).toBe(
      'Digest username="Mufasa", realm="testrealm@host.com", uri="/dir/index.html", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", nc=00000001, cnonce="0a4f113b", qop=auth, response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
  });

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616 3.9.1 with %s', (algorithm, response) => {
    const challenge = `Digest ${RFC_7616.replace(', auth-int', '')}, algorithm=${algorithm}`;
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    expect(client([challenge], MUFASA, cnonce).authorize(INDEX)).toBe(
      `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="${cnonce}", qop=auth, response="${response}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    );
  });

  test('RFC 7616 3.9.2: userhash and UTF-8, with the hashes that erratum 4897 corrected', () => {
    const challenge =
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';
    const cnonce = 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v';
    const jason = client([challenge], { username: 'Jäsøn Doe', password: 'Secret, or not?' }, cnonce);
    expect(jason.authorize({ method: 'GET', uri: '/doe.json', body: NOTHING })).toBe(
      `Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", realm="api@example.org", uri="/doe.json", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", nc=00000001, cnonce="${cnonce}", qop=auth, response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=true`,
    );
  });
});

describe('the form that is chosen', () => {
  const offer = (algorithm: string, more = 'qop="auth"') =>
    `Digest realm="${algorithm}", nonce="n", algorithm=${algorithm}, ${more}`;

  test('is the strongest hash, wherever it stands, and the first of two alike', () => {
    expect(chooseDigest([offer('MD5'), offer('SHA-256')])?.realm).toBe('SHA-256');
    expect(chooseDigest([`${offer('SHA-256')}, ${offer('MD5')}`])?.realm).toBe('SHA-256');
    expect(chooseDigest([`Basic realm="x", ${offer('MD5-sess')}, ${offer('MD5')}`])?.realm).toBe('MD5-sess');
    expect(chooseDigest([offer('TIGER'), offer('MD5')])?.realm).toBe('MD5');
    expect(chooseDigest(['Digest realm="r", nonce="n", qop=auth'])).toMatchObject({
      hash: 'md5',
      algorithm: undefined,
    });
  });

  test('proves the body where the server can check that', () => {
    expect(chooseDigest([offer('MD5', 'qop="auth , AUTH-INT"')])?.qop).toBe('auth-int');
    expect(chooseDigest([offer('MD5', 'qop="auth,token"')])?.qop).toBe('auth');
  });

  test('is none where no Digest is offered, whatever else is, broken or not', () => {
    expect(chooseDigest(['Negotiate', 'Basic realm="x', 'NTLM'])).toBeUndefined();
    expect(chooseDigest([])).toBeUndefined();
  });

  test.each([
    ['an unknown hash', offer('TIGER'), 'denied'],
    ['no protection, as before RFC 2617', 'Digest realm="r", nonce="n"', 'denied'],
    ['an unknown protection', offer('MD5', 'qop="auth-conf"'), 'denied'],
    ['no nonce', 'Digest realm="r", qop="auth"', 'protocol'],
    ['an empty nonce', 'Digest realm="r", nonce="", qop="auth"', 'protocol'],
    ['no realm', 'Digest nonce="n", qop="auth"', 'protocol'],
    ['nothing', 'Digest', 'protocol'],
    ['a token', 'Digest abc==', 'protocol'],
    ['half a quote', 'Digest realm="r, nonce="n", qop="auth"', 'protocol'],
  ])('%s is a clear error', (_, header, kind) => {
    expect(() => chooseDigest([header])).toThrow(expect.objectContaining({ kind }));
  });
});

describe('a proof', () => {
  const body = Buffer.from('<ä/>');
  const POST = { method: 'POST', uri: '/wsman', body };
  const challenge = (more: string) => [`Digest realm="r", nonce="n", ${more}`];

  test('is counted, one for each request, and nothing in it comes twice', () => {
    const one = client(challenge('qop="auth"'), MUFASA);
    const headers = Array.from({ length: 17 }, () => one.authorize(POST));
    expect(headers.map((header) => field(header, 'nc')).slice(14)).toEqual([
      '0000000f',
      '00000010',
      '00000011',
    ]);
    expect(new Set(headers.map((header) => field(header, 'response'))).size).toBe(17);
  });

  test.each([
    ['MD5', 'md5'],
    ['MD5-sess', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-256-sess', 'sha256'],
  ])('covers the body with auth-int and %s', (algorithm, name) => {
    const header = client(challenge(`qop="auth-int", algorithm=${algorithm}`), MUFASA).authorize(POST);
    const plain = hash(name, 'Mufasa', 'r', 'Circle of Life');
    const a1 = algorithm.endsWith('-sess') ? hash(name, plain, 'n', 'AAAA') : plain;
    const a2 = hash(name, 'POST', '/wsman', createHash(name).update(body).digest('hex'));
    expect(field(header, 'response')).toBe(hash(name, a1, 'n', '00000001', 'AAAA', 'auth-int', a2));
    expect(field(header, 'qop')).toBe('auth-int');
  });

  test('spells a Windows account with its backslash escaped, and hashes it as it was typed', () => {
    const account = { username: 'LAB\\a"b', password: 'p' };
    const header = client(challenge('qop="auth", opaque="a\\"\\\\b"'), account).authorize(POST);
    expect(header).toContain('username="LAB\\\\a\\"b", realm="r"');
    expect(header).toContain('opaque="a\\"\\\\b"');
    const a1 = hash('md5', 'LAB\\a"b', 'r', 'p');
    expect(field(header, 'response')).toBe(
      hash('md5', a1, 'n', '00000001', 'AAAA', 'auth', hash('md5', 'POST', '/wsman')),
    );
  });

  test('is of Latin-1 without a charset, of UTF-8 with one, and travels in the same bytes', () => {
    const zoe = { username: 'zoë', password: 'pässwörd' };
    const of = (more: string) => client(challenge(`qop="auth"${more}`), zoe).authorize(POST);
    expect(of('')).toContain('username="zo\u00eb"');
    expect(of(', charset=UTF-8')).toContain('username="zo\u00c3\u00ab"');
    const a1 = createHash('md5').update(Buffer.from('zoë:r:pässwörd', 'latin1')).digest('hex');
    expect(field(of(''), 'response')).toBe(
      hash('md5', a1, 'n', '00000001', 'AAAA', 'auth', hash('md5', 'POST', '/wsman')),
    );
  });

  test('is refused for what cannot be spelt, without telling the password', () => {
    const secret = { username: 'alice', password: '密碼' };
    const refused = expect.objectContaining({ kind: 'invalid', message: expect.not.stringContaining('密') });
    expect(() => client(challenge('qop="auth"'), secret)).toThrow(refused);
    for (const username of ['', 'a:b', 'a\r\nb', 'a\u0085b']) {
      expect(() => demandDigestUser({ username, password: 'p' })).toThrow(refused);
    }
    expect(() => demandDigestUser({ username: 'LAB\\zoë 密', password: '' })).not.toThrow();
  });
});

describe('the server’s own proof', () => {
  const request = { method: 'POST', uri: '/wsman', body: Buffer.from('<a/>') };
  const answer = Buffer.from('<b/>');
  const asked = (qop: string, more = '') => {
    const one = client([`Digest realm="r", nonce="n", qop="${qop}"${more}`], MUFASA);
    one.authorize(request);
    return one;
  };
  const a1 = hash('md5', 'Mufasa', 'r', 'Circle of Life');
  const proof = (qop: string, ...a2: string[]) =>
    hash('md5', a1, 'n', '00000001', 'AAAA', qop, hash('md5', '', '/wsman', ...a2));
  const broken = expect.objectContaining({ kind: 'protocol' });

  test('holds when it knows the password, and with auth-int the body that it sent', () => {
    const auth = proof('auth');
    asked('auth').accept(`rspauth="${auth}", cnonce="AAAA", nc=00000001, qop=auth`, answer);
    asked('auth').accept(`rspauth="${auth.toUpperCase()}"`, answer);
    const whole = proof('auth-int', createHash('md5').update(answer).digest('hex'));
    asked('auth-int').accept(`rspauth="${whole}"`, answer);
    expect(() => asked('auth-int').accept(`rspauth="${whole}"`, Buffer.from('<c/>'))).toThrow(broken);
  });

  test.each([
    ['another password', 'rspauth="0123456789abcdef0123456789abcdef"'],
    ['half a proof', 'rspauth="01"'],
    ['an empty proof', 'rspauth=""'],
    ['the proof of another request', `rspauth="${proof('auth')}", nc=00000002`],
    ['another nonce of ours', `rspauth="${proof('auth')}", cnonce="BBBB"`],
    ['another protection', `rspauth="${proof('auth')}", qop=auth-int`],
    ['no parameters', 'rspauth'],
  ])('does not hold with %s', (_, info) => {
    expect(() => asked('auth').accept(info, answer)).toThrow(broken);
  });

  test('brings the next nonce, whose requests are counted from one; a session key keeps the old one', () => {
    const one = asked('auth');
    one.accept('nextnonce="m"', answer);
    const header = one.authorize(request);
    expect([field(header, 'nonce'), field(header, 'nc')]).toEqual(['m', '00000001']);
    const session = asked('auth', ', algorithm=MD5-sess');
    session.accept('nextnonce="m"', answer);
    expect(field(session.authorize(request), 'nonce')).toBe('n');
  });
});
