import { WinRMError } from '../../error.ts';
import type { Credential } from '../basic.ts';
import { der, readDer, readSequence } from '../der.ts';
import { accountOf } from '../ntlm.ts';
import { utf16 } from '../ntlm-keys.ts';

const PASSWORD = Uint8Array.of(1);

/** What is handed to the computer: the password itself, in UTF-16 without a mark (MS-CSSP 2.2.1.2, 2.2.1.2.1). */
export function encodeTsCredentials(credential: Credential): Uint8Array {
  const { domain, username } = accountOf(credential.username);
  const parts = [domain, username, credential.password].map((text, i) =>
    der(0xa0 + i, der(0x04, utf16(text))),
  );
  return der(0x30, der(0xa0, der(0x02, PASSWORD)), der(0xa1, der(0x04, der(0x30, ...parts))));
}

/** For the server's side in tests. @throws WinRMError 'protocol' */
export function decodeTsCredentials(bytes: Uint8Array): Credential & { readonly domain: string } {
  const [type, credentials] = readSequence(readDer(bytes, 0x30));
  if (type?.tag !== 0xa0 || readDer(type.content, 0x02).content[0] !== 1 || credentials?.tag !== 0xa1)
    throw new WinRMError('protocol', 'The other side sent credentials of a kind that is not spoken.');
  const fields = readSequence(readDer(readDer(credentials.content, 0x04).content, 0x30));
  const [domain = '', username = '', password = ''] = fields.map(({ content }) =>
    Buffer.from(readDer(content, 0x04).content).toString('utf16le'),
  );
  return { domain, username, password };
}
