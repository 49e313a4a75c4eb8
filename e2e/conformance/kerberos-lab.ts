import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { KerberosProvider } from '../../electron/winrm/auth/kerberos-provider.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions, Credential } from '../../electron/winrm/transport/connection.ts';
import { openSystemKerberos } from '../../electron/winrm/transport/kerberos/system-kerberos.ts';
import { missingAcceptor, startAcceptorIn } from '../peers/acceptor/acceptor.ts';
import type { Acceptor, Surroundings } from '../peers/acceptor/acceptor.ts';
import { makeRealm, missingRealm } from '../peers/kerberos/realm.ts';
import type { Realm } from '../peers/kerberos/realm.ts';

export const ALICE: Credential = { username: 'alice@LAB.TEST', password: 'Passw0rd!' };
export const LAB_ALICE: Credential = { ...ALICE, username: 'LAB\\alice' };
/** For gss-ntlmssp, where NTLM is what comes in the end. */
export const NTLM_ALICE = { domain: 'LAB', username: 'alice', password: ALICE.password };

export const PEOPLE = [
  'addprinc +requires_preauth -pw Passw0rd! alice',
  'addprinc +requires_preauth -pw Passw0rd! carol',
  'addprinc +requires_preauth -pw Grüße密 zoë',
  'addprinc +requires_preauth -pw Passw0rd! locked',
  'modprinc -allow_tix locked',
  'addprinc +requires_preauth -pw Passw0rd! stale',
  'modprinc -pwexpire 2020-01-01 stale',
];
const SERVICES = ['HTTP/localhost', 'WSMAN/localhost', 'host/localhost'];

/** One line why nothing of it can run here; undefined where it can. */
export const missingLab = (): string | undefined => missingRealm() ?? missingAcceptor();

export const count = (peer: Acceptor, event: string): number =>
  peer.events.filter((one) => one.event === event).length;

const never = new AbortController().signal;

/** A realm for the tests of one file, which this process sees as its own, and what they start in it. */
export class KerberosLab {
  readonly #opened: { stop(): Promise<void> }[] = [];
  readonly #before = { ...process.env };
  #realm: Realm | undefined;
  #provider: KerberosProvider | undefined;

  /** Call at the top of a test file. */
  constructor(missing: string | undefined) {
    if (missing) return;
    beforeAll(async () => {
      this.#realm = await makeRealm({ commands: PEOPLE, services: SERVICES });
      await this.realm.start();
    });
    beforeEach(() => {
      this.see(this.realm.env);
      // In the app logons are shared for a while; here each test begins without one.
      this.#provider = openSystemKerberos();
    });
    afterEach(async () => {
      for (const peer of this.#opened.splice(0)) await peer.stop();
    });
    afterAll(async () => {
      for (const name of ['KRB5_CONFIG', 'KRB5_KTNAME', 'KRB5CCNAME']) {
        if (this.#before[name] === undefined) delete process.env[name];
        else process.env[name] = this.#before[name];
      }
      await this.#realm?.stop();
    });
  }

  get realm(): Realm {
    if (!this.#realm) throw new Error('The realm is made before the first test.');
    return this.#realm;
  }

  readonly kerberos = (): KerberosProvider => {
    if (!this.#provider) throw new Error('Kerberos is opened before each test.');
    return this.#provider;
  };

  /** From here on this is what this process and what it starts see. */
  see(env: Readonly<Record<string, string>>): void {
    Object.assign(process.env, env);
  }

  /** Is stopped after the test. */
  keep<T extends { stop(): Promise<void> }>(started: T): T {
    this.#opened.unshift(started);
    return started;
  }

  async acceptor(args: readonly string[] = [], surroundings: Partial<Surroundings> = {}): Promise<Acceptor> {
    const offer = ['--offer', 'Negotiate,Kerberos'];
    const inRealm = { accounts: [], env: this.realm.env, ...surroundings };
    return this.keep(await startAcceptorIn({ ...inRealm, args: [...offer, ...args] }));
  }

  channel(
    { port }: Pick<Acceptor, 'port'>,
    credential: Credential | undefined,
    { scheme = 'http', ...options }: ChannelOptions & { readonly scheme?: 'http' | 'https' } = {},
  ) {
    const endpoint = { scheme, hostname: 'localhost', port, path: '/wsman' };
    return openChannel(endpoint, credential, { kerberos: this.kerberos, ...options });
  }

  /** Posts each text and says what came back, and how the connection was signed in. */
  async ask(
    peer: Pick<Acceptor, 'port'>,
    credential: Credential | undefined,
    options: ChannelOptions & { readonly scheme?: 'http' | 'https' } = {},
    ...texts: readonly string[]
  ) {
    const channel = this.channel(peer, credential, options);
    try {
      const answers: string[] = [];
      for (const text of texts.length > 0 ? texts : ['<a/>']) answers.push(await channel.post(text, never));
      return { answers, signIn: channel.signIn };
    } finally {
      channel.close();
    }
  }
}
