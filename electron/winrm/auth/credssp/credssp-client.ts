import { timingSafeEqual } from 'node:crypto';
import { WinRMError } from '../../error.ts';
import type { Credential } from '../basic.ts';
import { concat } from '../ntlm-keys.ts';
import type { Ambient, SecurityContext } from '../security-context.ts';
import { FIRST_SAFE_VERSION, keyBinding, NONCE_LENGTH } from './key-binding.ts';
import { refusedWith } from './refused-with.ts';
import { encodeTsCredentials } from './ts-credentials.ts';
import { CREDSSP_VERSION, decodeTsRequest, encodeTsRequest } from './ts-request.ts';

export interface CredsspOptions {
  /** What proves the account: SPNEGO, or NTLM alone. */
  readonly inner: SecurityContext;
  /** What is handed over in the end. */
  readonly credential: Credential;
  /** SubjectPublicKey of the certificate that TLS showed. */
  readonly publicKey: Uint8Array;
  /** Also a computer whose CredSSP can be relayed. */
  readonly allowOldVersions: boolean;
}

/**
 * The client's side of CredSSP, inside TLS: it proves the account, makes sure that whoever holds the key of TLS was
 * proven to, and only then hands the password over.
 *
 * @see MS-CSSP 3.1.5
 */
export class CredsspClient {
  readonly #options: CredsspOptions;
  readonly #nonce: Uint8Array;
  #version: number | undefined;
  #next: 'begin' | 'negotiate' | 'binding' | 'done' = 'begin';
  #isProof = false;

  constructor(options: CredsspOptions, { randomBytes }: Pick<Ambient, 'randomBytes'>) {
    this.#options = options;
    this.#nonce = randomBytes(NONCE_LENGTH);
  }

  /** True once the message that was last given hands the password over: none is awaited any more. */
  get complete(): boolean {
    return this.#next === 'done';
  }

  /** Whether the message that was last given proves the password: then it counts as a login. */
  get provesPassword(): boolean {
    return this.#isProof;
  }

  /** What both sides speak; undefined until the computer answered. */
  get version(): number | undefined {
    return this.#version;
  }

  /**
   * @param message the computer's last one; absent on the first step
   * @returns the message to send
   * @throws WinRMError 'unauthenticated' where the computer refuses the account, 'denied' for an old version,
   *   'protocol' for what breaks the order, or a key that is not the computer's
   */
  async step(message?: Uint8Array): Promise<Uint8Array> {
    const { inner } = this.#options;
    if (this.#next === 'begin') {
      this.#next = 'negotiate';
      const negoToken = await inner.step();
      return encodeTsRequest({ version: CREDSSP_VERSION, negoToken });
    }
    if (!message || this.complete) throw outOfOrder();
    const { version, errorCode, negoToken, pubKeyAuth } = decodeTsRequest(message);
    if (errorCode !== undefined) throw refusedWith(errorCode, this.#isProof);
    const agreed = this.#agree(version);
    return this.#next === 'negotiate'
      ? this.#negotiate(agreed, negoToken, pubKeyAuth)
      : this.#handOver(agreed, negoToken, pubKeyAuth);
  }

  /** Before anything proves the password to it. */
  #agree(theirs: number): number {
    const version = Math.min(theirs, CREDSSP_VERSION);
    if (version < 2 || (this.#version !== undefined && version !== this.#version)) throw outOfOrder();
    if (version < FIRST_SAFE_VERSION && !this.#options.allowOldVersions) throw tooOld(version);
    return (this.#version = version);
  }

  async #negotiate(
    version: number,
    token: Uint8Array | undefined,
    pubKeyAuth: Uint8Array | undefined,
  ): Promise<Uint8Array> {
    const { inner, publicKey } = this.#options;
    if (!token || pubKeyAuth) throw outOfOrder();
    const negoToken = await inner.step(token);
    this.#isProof ||= inner.provesPassword;
    if (!inner.complete) {
      if (!negoToken) throw outOfOrder();
      return encodeTsRequest({ version: CREDSSP_VERSION, negoToken });
    }
    this.#next = 'binding';
    const clientNonce = version >= FIRST_SAFE_VERSION ? this.#nonce : undefined;
    const binding = this.#seal(keyBinding('client', version, publicKey, this.#nonce));
    return encodeTsRequest({ version: CREDSSP_VERSION, negoToken, pubKeyAuth: binding, clientNonce });
  }

  #handOver(version: number, token: Uint8Array | undefined, pubKeyAuth: Uint8Array | undefined): Uint8Array {
    const { inner, publicKey, credential } = this.#options;
    const due = keyBinding('server', version, publicKey, this.#nonce);
    // What is sealed is as long as its text, and before it stands the mechanism's header: 16 bytes of NTLM, 60 to 72 of Kerberos.
    const headerLength = (pubKeyAuth?.length ?? 0) - due.length;
    if (token || !pubKeyAuth || headerLength <= 0) throw outOfOrder();
    const [header, data] = [pubKeyAuth.subarray(0, headerLength), pubKeyAuth.subarray(headerLength)];
    const given = inner.unwrap({ header, data });
    if (given.length !== due.length || !timingSafeEqual(given, due)) throw otherKey();
    this.#next = 'done';
    return encodeTsRequest({
      version: CREDSSP_VERSION,
      authInfo: this.#seal(encodeTsCredentials(credential)),
    });
  }

  #seal(plain: Uint8Array): Uint8Array {
    const { header, data } = this.#options.inner.wrap(plain);
    return concat(header, data);
  }
}

const outOfOrder = () =>
  new WinRMError('protocol', 'The computer does not keep to the order of a CredSSP sign-in.');

const otherKey = () =>
  new WinRMError(
    'protocol',
    'Whoever answers is not who was signed in to; the password was not handed over.',
    {
      causes: ['Something between takes part in the conversation.'],
      remedy: { text: 'Use Kerberos, or TLS with a certificate that is trusted, for this computer.' },
    },
  );

const tooOld = (version: number) =>
  new WinRMError(
    'denied',
    `The computer speaks CredSSP ${version}, in which somebody on the way can sign in to it in your place.`,
    {
      causes: ['It lacks the update of 2018 for CVE-2018-0886.'],
      remedy: {
        text: 'Update the computer. In a network that is trusted, old CredSSP can be allowed for it in the options that the window keeps of it, which pssm reads with -Profile.',
      },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
