import * as z from 'zod/mini';
import { WinRMError } from '../winrm/index.ts';
import type { PasswordVault } from './vault.ts';
import { VersionedFile } from './versioned-file.ts';

/** Electron's safeStorage, where it really encrypts; only main has it. */
export interface Encryption {
  encrypt(text: string): Buffer;
  /** @throws Error for what another user or machine encrypted */
  decrypt(encrypted: Buffer): string;
}

const schema = z.strictObject({
  version: z.literal(1),
  /** By credential, Base64. */
  passwords: z.record(z.string(), z.string()),
});
type Content = Pick<z.infer<typeof schema>, 'passwords'>;

/**
 * A file of the owner's whose entries only this user's session of this machine can decrypt, and only the app.
 *
 * @param tell is told what had to be done to read the file, each time that had to be
 */
export function encryptedVault(
  file: string,
  { encrypt, decrypt }: Encryption,
  tell: (sentence: string) => void,
): PasswordVault {
  const store = new VersionedFile<Content>(file, {
    what: 'The encrypted passwords',
    version: 1,
    empty: { passwords: {} },
    parse: (value) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? { passwords: parsed.data.passwords } : undefined;
    },
  });
  const without = (passwords: Content['passwords'], id: string) =>
    Object.fromEntries(Object.entries(passwords).filter(([one]) => one !== id));
  const change = async (how: (passwords: Content['passwords']) => Content['passwords']) => {
    const { notice } = await store.update(({ passwords }) => ({ passwords: how(passwords) }));
    if (notice) tell(notice);
  };
  return {
    kind: 'safeStorage',
    name: 'an encrypted file',
    sentence:
      'This system has no vault that can be used, so passwords lie in a file that it encrypts. pssm cannot read them.',
    get: async (id) => {
      const { content, notice = '', isNewer } = await store.load();
      if (isNewer) throw new WinRMError('invalid', notice); // there may be one all the same
      if (notice) tell(notice);
      const text = content.passwords[id];
      return text === undefined ? undefined : decrypt(Buffer.from(text, 'base64'));
    },
    set: async (id, password) => {
      const encrypted = encrypt(password).toString('base64');
      await change((passwords) => ({ ...passwords, [id]: encrypted }));
    },
    delete: (id) => change((passwords) => without(passwords, id)),
  };
}
