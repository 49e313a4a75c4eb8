import type { Ambient, SealedMessage } from '../security-context.ts';
import { NegotiateAcceptor } from '../spnego-acceptor.ts';
import { keyBinding } from './key-binding.ts';
import { decodeTsCredentials } from './ts-credentials.ts';
import { decodeTsRequest, encodeTsRequest } from './ts-request.ts';
import type { TsRequest } from './ts-request.ts';

export const ALICE = { username: 'LAB\\alice', password: 'pässwörd 密' };

export interface AcceptorFixtureOptions {
  readonly publicKey: Uint8Array;
  readonly ambient: Ambient;
  readonly version?: number;
  /** What the server proves another binding with. */
  readonly nonce?: Uint8Array;
  /** Changes what goes out. */
  readonly change?: (reply: TsRequest, count: number) => TsRequest;
}

const sealed = (bytes: Uint8Array): SealedMessage => ({
  header: bytes.subarray(0, 16),
  data: bytes.subarray(16),
});
const joined = ({ header, data }: SealedMessage) => Buffer.concat([header, data]);

/** The computer's side of CredSSP, for the tests: it checks what it gets, and may be told to misbehave. */
export class AcceptorFixture {
  readonly #options: AcceptorFixtureOptions;
  readonly #inner: NegotiateAcceptor;
  #count = 0;
  /** What was handed over in the end. */
  delegated: ReturnType<typeof decodeTsCredentials> | undefined;

  constructor(options: AcceptorFixtureOptions) {
    this.#options = options;
    const account = {
      computerName: 'WEB01',
      domainName: 'LAB',
      passwordOf: (username: string) => (username === 'alice' ? ALICE.password : undefined),
    };
    this.#inner = new NegotiateAcceptor(account, options.ambient);
  }

  /** @returns what to answer with; nothing once the password is there @throws WinRMError where it refuses */
  step(message: Uint8Array): Uint8Array | undefined {
    const { negoToken, pubKeyAuth, authInfo, clientNonce } = decodeTsRequest(message);
    if (authInfo) {
      this.delegated = decodeTsCredentials(this.#inner.unwrap(sealed(authInfo)));
      return undefined;
    }
    const answer = negoToken && this.#inner.step(negoToken);
    const binding = pubKeyAuth && this.#bind(pubKeyAuth, clientNonce);
    return this.#reply({ negoToken: answer, pubKeyAuth: binding });
  }

  #bind(pubKeyAuth: Uint8Array, clientNonce: Uint8Array | undefined): Uint8Array {
    const { publicKey, version = 6, nonce = clientNonce ?? new Uint8Array() } = this.#options;
    const due = keyBinding('client', version, publicKey, clientNonce ?? new Uint8Array());
    if (!Buffer.from(this.#inner.unwrap(sealed(pubKeyAuth))).equals(due)) throw new Error('another key');
    return joined(this.#inner.wrap(keyBinding('server', version, publicKey, nonce)));
  }

  #reply(fields: Omit<TsRequest, 'version'>): Uint8Array {
    const { version = 6, change = (reply: TsRequest) => reply } = this.#options;
    return encodeTsRequest(change({ version, ...fields }, ++this.#count));
  }
}
