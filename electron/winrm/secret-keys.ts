import { createHmac, randomBytes } from 'node:crypto';

/** Keys by which secrets are told apart and not known: salted anew with each process, so that no key says anything elsewhere. */
export class SecretKeys {
  readonly #salt = randomBytes(32);

  of(...secrets: readonly (string | undefined)[]): string {
    return createHmac('sha256', this.#salt).update(JSON.stringify(secrets)).digest('base64');
  }
}
