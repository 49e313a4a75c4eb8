import * as z from 'zod/mini';
import { keptCertificateSchema } from './client-certificate.ts';
import { LONGEST_NAME } from './computer-limits.ts';
import { idSchema } from './computer.ts';

/** Where a password lies: in the system's vault, in a file that the system encrypted, or in memory until the app ends. */
const VAULT_KINDS = ['keyring', 'safeStorage', 'memory'] as const;
export type VaultKind = (typeof VAULT_KINDS)[number];

/** All that is ever shown of a credential. Its secret can be replaced, tested and forgotten, never read back. */
export const credentialSchema = z.strictObject({
  id: idSchema,
  name: z.string().check(z.minLength(1), z.maxLength(LONGEST_NAME)),
  username: z.string().check(z.minLength(1), z.maxLength(255)),
  kept: z.enum(VAULT_KINDS),
  /** When its password was last typed, or its certificate chosen. Epoch milliseconds. */
  changedOn: z.number(),
  /** A client certificate signs in, and the secret, if it has one, is the passphrase of its file. */
  certificate: z.optional(keptCertificateSchema),
});
export type CredentialInfo = z.infer<typeof credentialSchema>;
export type CredentialId = CredentialInfo['id'];

/** The best place for passwords that this machine has. */
export interface Vault {
  readonly kind: VaultKind;
  /** As the system calls it: `Windows Credential Manager`. */
  readonly name: string;
  /** What that means for the person, where it is not the best there could be. */
  readonly sentence?: string;
}

/** How a credential fared last, in this run of the app. */
export interface CredentialUse {
  readonly at: number;
  readonly computerName: string;
  readonly result: 'taken' | 'refused';
}

export interface Credentials {
  readonly vault: Vault;
  readonly credentials: readonly (CredentialInfo & {
    /** False when its password, or its certificate, is not there any more, so that it is asked for. */
    readonly hasPassword: boolean;
    readonly lastUse?: CredentialUse;
  })[];
}
