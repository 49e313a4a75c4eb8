import { readSealed, SEALED_TYPE, writeSealed } from '../winrm/auth/sealed-mime.ts';
import type { Ambient } from '../winrm/auth/security-context.ts';
import { NegotiateAcceptor } from '../winrm/auth/spnego-acceptor.ts';
import { WinRMError } from '../winrm/error.ts';
import type { Caller } from './computer.ts';

/** Someone who may sign in to a simulated computer. The password is the simulation's own, never a person's. */
export interface SimulatedAccount {
  /** Without a domain; a domain that the client adds is not looked at. */
  readonly username: string;
  readonly password: string;
  /** `DOMAIN\user`, the Owner of its shells. */
  readonly owner: string;
  readonly isAdministrator: boolean;
}

export const SCHEMES = ['Negotiate', 'Basic'] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface SignInPolicy {
  readonly computerName: string;
  readonly accounts: readonly SimulatedAccount[];
  readonly schemes: readonly Scheme[];
  /** Over TLS: the tls-server-end-point data that the client must have bound its answer to. */
  readonly channelBinding?: Uint8Array;
  /** Whether bodies travel in a sealed envelope once Negotiate signed in: over http, not over https. */
  readonly seals: boolean;
}

/** One HTTP request, as far as signing in cares. */
export interface SignInRequest {
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export type SignInAnswer =
  /** 401 with these WWW-Authenticate headers. */
  | { readonly kind: 'refused'; readonly challenges: readonly string[]; readonly wasTried: boolean }
  /** What was asked, in clear, and how to dress the answer. */
  | {
      readonly kind: 'admitted';
      readonly account: SimulatedAccount;
      readonly isNew: boolean;
      /** Empty when the request only signed in. */
      readonly soap: string;
      /** A last token to send along. */
      readonly challenges: readonly string[];
      readonly dress: (soap: string) => { readonly contentType: string; readonly body: Uint8Array };
    };

const SOAP_TYPE = 'application/soap+xml;charset=UTF-8';
const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16le');
/** A client with UseUTF16 sends a mark before its text. */
const decode = (soap: Uint8Array) => (soap[0] === 0xff && soap[1] === 0xfe ? utf16 : utf8).decode(soap);

/** Signing in on one connection, the server's side: Basic with each request, Negotiate once for the connection. */
export class ServerSignIn {
  readonly #policy: SignInPolicy;
  readonly #ambient: Ambient;
  #acceptor: NegotiateAcceptor | undefined;
  #signedIn: SimulatedAccount | undefined;

  constructor(policy: SignInPolicy, ambient: Ambient) {
    this.#policy = policy;
    this.#ambient = ambient;
  }

  /** @throws WinRMError 'protocol' for a sealed body that does not open */
  receive(request: SignInRequest): SignInAnswer {
    const [, scheme = '', token = ''] = /^(\S+) +(\S+)\s*$/.exec(request.authorization ?? '') ?? [];
    const known = this.#policy.schemes.find((one) => one.toLowerCase() === scheme.toLowerCase());
    switch (known) {
      case 'Basic':
        return this.#basic(token, request);
      case 'Negotiate':
        return this.#negotiate(token, request);
      default:
        return this.#signedIn ? this.#admit(this.#signedIn, request, false) : this.#refuse(false);
    }
  }

  #refuse(wasTried: boolean): SignInAnswer {
    this.#acceptor = undefined;
    this.#signedIn = undefined;
    const challenges = this.#policy.schemes.map((one) => (one === 'Basic' ? 'Basic realm="WSMAN"' : one));
    return { kind: 'refused', challenges, wasTried };
  }

  #basic(token: string, request: SignInRequest): SignInAnswer {
    const [, username = '', password = ''] =
      /^([^:]*):([^]*)$/.exec(Buffer.from(token, 'base64').toString('utf8')) ?? [];
    const account = this.#find(username);
    if (!account || account.password !== password) return this.#refuse(true);
    const isNew = this.#signedIn !== account;
    this.#signedIn = account;
    return this.#admit(account, request, isNew);
  }

  #negotiate(token: string, request: SignInRequest): SignInAnswer {
    const { computerName, channelBinding } = this.#policy;
    const acceptor = (this.#acceptor ??= new NegotiateAcceptor(
      {
        computerName: computerName.toUpperCase(),
        domainName: 'CONTOSO',
        passwordOf: (username) => this.#find(username)?.password,
        ...(channelBinding ? { channelBinding } : {}),
      },
      this.#ambient,
    ));
    let answer: Uint8Array | undefined;
    try {
      // A Uint8Array of its own: Buffer's slice() would share memory with what the codecs copy.
      answer = acceptor.step(new Uint8Array(Buffer.from(token, 'base64')));
    } catch (error) {
      if (error instanceof WinRMError) return this.#refuse(true);
      throw error;
    }
    const challenges = answer ? [`Negotiate ${Buffer.from(answer).toString('base64')}`] : [];
    if (!acceptor.complete) return { kind: 'refused', challenges, wasTried: false };
    const account = this.#find(acceptor.account.username);
    if (!account) return this.#refuse(true);
    this.#signedIn = account;
    return this.#admit(account, request, true, challenges);
  }

  #admit(
    account: SimulatedAccount,
    { contentType, body }: SignInRequest,
    isNew: boolean,
    challenges: readonly string[] = [],
  ): SignInAnswer {
    const acceptor = this.#acceptor?.complete && this.#policy.seals ? this.#acceptor : undefined;
    const isSealed = acceptor !== undefined && /^multipart\/(?:x-multi-)?encrypted/i.test(contentType);
    const plain = isSealed
      ? readSealed(new Uint8Array(body), contentType).map((part) => acceptor.unwrap(part))
      : [body];
    return {
      kind: 'admitted',
      account,
      isNew,
      challenges,
      soap: decode(Buffer.concat(plain)),
      dress: (soap) =>
        isSealed ? seal(acceptor, soap) : { contentType: SOAP_TYPE, body: Buffer.from(soap) },
    };
  }

  #find(username: string): SimulatedAccount | undefined {
    const name = username.replace(/^.*\\|@.*$/g, '').toLowerCase();
    return this.#policy.accounts.find((one) => one.username.toLowerCase() === name);
  }
}

function seal(acceptor: NegotiateAcceptor, soap: string) {
  const plain = Buffer.from(soap);
  const body = writeSealed({ ...acceptor.wrap(plain), contentType: SOAP_TYPE, plainLength: plain.length });
  return { contentType: SEALED_TYPE, body };
}

export const callerOf = ({ owner, isAdministrator }: SimulatedAccount, clientIP: string): Caller => ({
  owner,
  isAdministrator,
  clientIP,
});
