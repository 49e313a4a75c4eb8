import type { Credential } from './basic.ts';
import { DigestClient } from './digest.ts';
import { renewsDigest } from './digest-challenge.ts';
import type { DigestChallenge } from './digest-challenge.ts';
import type { Ambient } from './security-context.ts';

/** A challenge is good for so long at least; some servers give a minute, others none after its first proof. */
const FRESH_MS = 5_000;

/**
 * What one connection proves by one challenge after another. That only a nonce was too old is no refusal of a password
 * that was taken before on this connection. Of the very first proof it is one: not every server that says so has looked
 * at the proof, some mean a wrong password by it, and each proof may count towards a lock-out. So a wrong password is
 * shown once, and a challenge that became old while the login waited for its turn has to be fetched anew before.
 */
export class DigestProofs {
  readonly #credential: Credential;
  readonly #ambient: Pick<Ambient, 'randomBytes' | 'now'>;
  #client: DigestClient | undefined;
  #challengedAt = 0;
  /** A proof was let through: that a later one is called too old says nothing of the password. */
  isTaken = false;

  /** @param ambient `now` in milliseconds, of any clock */
  constructor(credential: Credential, ambient: Pick<Ambient, 'randomBytes' | 'now'>) {
    this.#credential = credential;
    this.#ambient = ambient;
  }

  /** Proves it by the last challenge; undefined before the first. */
  get client(): DigestClient | undefined {
    return this.#client;
  }

  /** Whether a challenge is to be fetched anew, without a proof, before one goes out. */
  get isOld(): boolean {
    return !this.isTaken && this.#client !== undefined && this.#ambient.now() - this.#challengedAt > FRESH_MS;
  }

  /**
   * @returns false for one that is no renewal of the one before, and so not answered
   * @throws WinRMError 'invalid' for letters that the server's charset does not have
   */
  answerTo(challenge: DigestChallenge): boolean {
    if (this.#client && !renewsDigest(this.#client.challenge, challenge)) return false;
    this.#client = new DigestClient(challenge, this.#credential, this.#ambient);
    this.#challengedAt = this.#ambient.now();
    return true;
  }
}
