import { findCommand } from '../setup/run-command.mjs';
import { measure, program } from './measure.mjs';
import { bothInTurn, opensslSpeed } from './openssl-speed.mjs';
import { skipped, times } from './table.mjs';

const AES = ['-evp', 'aes-256-cbc-cts'];

/** Sealed bodies on one core, beside the cipher and the checksum that they are made of, by OpenSSL. */
export async function sealingRows() {
  const [command, args] = program('sealing.ts');
  const pin = findCommand('taskset') ? ['taskset', '-c', '0'] : [];
  const [first, ...rest] = [...pin, command, ...args];
  const { ntlm, kerberos } = await measure(first, rest);
  const [rc4, md5, sha1] = [
    await opensslSpeed('-evp', 'rc4'),
    await opensslSpeed('-hmac', 'md5'),
    await opensslSpeed('-hmac', 'sha1'),
  ];
  const [encrypt, decrypt] = [await opensslSpeed(...AES), await opensslSpeed('-decrypt', ...AES)];
  const rowsOf = (name, { missing, seal, unseal }, parts, sealing, unsealing, note) =>
    missing
      ? [skipped(`${name} seal, unseal`, missing)]
      : [row(`${name} seal`, seal, parts, sealing, note), row(`${name} unseal`, unseal, parts, unsealing)];
  const [stream, sealed, opened] = [
    bothInTurn(rc4, md5),
    bothInTurn(encrypt, sha1),
    bothInTurn(decrypt, sha1),
  ];
  return [
    ...rowsOf('NTLM', ntlm, 'RC4, HMAC-MD5', stream, stream, 'our RC4; OpenSSL’s is assembler'),
    ...rowsOf('Kerberos', kerberos, 'AES-256-CTS, HMAC-SHA1', sealed, opened, 'by the system’s GSS-API'),
  ];
}

function row(what, figure, parts, beside, note = '') {
  const ours = `${figure.toFixed(0)} MB/s`;
  if (beside === undefined)
    return { what: `${what} 16 MB`, ours, note: `openssl speed has no ${parts} here` };
  return {
    what: `${what} 16 MB`,
    ours,
    beside: `${beside.toFixed(0)} MB/s openssl ${parts}`,
    ratio: times(figure / beside),
    note,
  };
}
