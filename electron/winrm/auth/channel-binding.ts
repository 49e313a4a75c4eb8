import { createHash } from 'node:crypto';
import { readDer, readSequence } from './der.ts';
import { concat, md5 } from './ntlm-keys.ts';

/** Object identifiers of signature algorithms, as DER content in hex, and the hash that each implies. */
const SIGNATURE_HASHES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256', // md5WithRSAEncryption: RFC 5929 lifts MD5 and SHA-1
  '2a864886f70d010105': 'sha256', // sha1WithRSAEncryption
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  '2a8648ce380403': 'sha256', // dsa-with-sha1
  '608648016503040302': 'sha256', // dsa-with-sha256
  '2a8648ce3d0401': 'sha256', // ecdsa-with-SHA1
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};
const RSASSA_PSS = '2a864886f70d01010a';
/** The hashes that a PSS signature names in its parameters. */
const HASHES: Readonly<Record<string, string>> = {
  '2b0e03021a': 'sha256', // sha1, lifted
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
  '608648016503040204': 'sha224',
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/**
 * What binds a sign-in to the TLS connection: the hash of the server's certificate, with the hash of the certificate's
 * own signature.
 *
 * @returns undefined where RFC 5929 defines none (Ed25519)
 * @throws WinRMError 'protocol' if this is no certificate
 * @see RFC 5929 4
 */
export function tlsServerEndPoint(certificate: Uint8Array): Uint8Array | undefined {
  const [, algorithm] = readSequence(readDer(certificate, 0x30));
  const [identifier, parameters] = readSequence(algorithm, 0x30);
  const oid = hex(identifier?.content ?? new Uint8Array());
  const hash = oid === RSASSA_PSS ? pssHash(parameters) : SIGNATURE_HASHES[oid];
  if (!hash) return undefined;
  return concat(
    new TextEncoder().encode('tls-server-end-point:'),
    createHash(hash).update(certificate).digest(),
  );
}

/** RFC 4055 3.1: `[0] hashAlgorithm`, SHA-1 when left out. */
function pssHash(parameters: ReturnType<typeof readDer> | undefined): string | undefined {
  const named = parameters && readSequence(parameters, 0x30).find(({ tag }) => tag === 0xa0);
  if (!named) return 'sha256';
  const [identifier] = readSequence(readDer(named.content, 0x30));
  return HASHES[hex(identifier?.content ?? new Uint8Array())];
}

/** MsvAvChannelBindings: MD5 over a gss_channel_bindings_struct without addresses (MS-NLMP 2.2.2.1, RFC 2744 3.11). */
export function channelBindingHash(applicationData: Uint8Array): Uint8Array {
  const lengths = new Uint8Array(20);
  new DataView(lengths.buffer).setUint32(16, applicationData.length, true);
  return md5(lengths, applicationData);
}
