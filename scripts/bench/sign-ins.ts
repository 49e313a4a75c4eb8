// sign-ins ATONCE COUNT: prints {"own","kerberos"}: medians of handshakes in ms, and the ms that COUNT logins took, or {"missing"}.
import { connect } from 'node:net';
import type { AuthenticationMechanism } from '../../shared/authentication.ts';
import { Turns } from '../../electron/turns.ts';
import type { KerberosProvider } from '../../electron/winrm/auth/kerberos-provider.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { Credential } from '../../electron/winrm/transport/connection.ts';
import { openSystemKerberos } from '../../electron/winrm/transport/kerberos/system-kerberos.ts';
import { missingAcceptor, startAcceptorIn } from '../../e2e/peers/acceptor/acceptor.ts';
import { CREDENTIAL, SOAP, list, sweepBare, sweepFleet } from './fleet.ts';
import { ALICE, missingKerberos, startRealm } from './kerberos-realm.ts';
import { median } from './median.ts';
import { Serving } from './serving.ts';
import type { Place } from './serving.ts';

const HANDSHAKES = 60;
const PASSES = 3;
const [atOnce = 0, computers = 0] = process.argv.slice(2).map(Number);
const never = new AbortController().signal;

interface How {
  readonly authentication: AuthenticationMechanism;
  readonly credential?: Credential;
  readonly kerberos?: () => KerberosProvider;
}

/** Connects, signs in, sends one request and has its answer. */
async function signIn({ address, port }: Place, { credential, ...how }: How): Promise<void> {
  const endpoint = { scheme: 'http', hostname: address, port, path: '/wsman' } as const;
  const channel = openChannel(endpoint, credential, { ...how, allowBasicOverHttp: true });
  try {
    await channel.post(SOAP, never);
  } finally {
    channel.close();
  }
}

const connectBare = ({ address, port }: Place) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(port, address);
    socket.once('error', reject).once('connect', () => {
      socket.destroy();
      resolve();
    });
  });

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Medians in milliseconds, by name, of ways in turn. */
async function handshakes<Name extends string>(place: Place, ways: Readonly<Record<Name, () => How>>) {
  const all: [string, () => Promise<void>][] = [
    ['tcp', () => connectBare(place)],
    ...Object.entries<() => How>(ways).map(([name, how]): [string, () => Promise<void>] => [
      name,
      () => signIn(place, how()),
    ]),
  ];
  for (const [, way] of all) await way();
  const rounds: number[][] = [];
  for (let i = 0; i < HANDSHAKES; i++) {
    const round: number[] = [];
    for (const [, way] of all) round.push(await took(way));
    rounds.push(round);
  }
  return Object.fromEntries(all.map(([name], i) => [name, median(rounds.map((round) => round[i] ?? NaN))]));
}

/** The quickest of passes in turn: whatever else this machine does can only make one slower. */
async function quickest(works: Readonly<Record<string, () => Promise<number>>>) {
  const best: Record<string, number> = {};
  for (const work of Object.values(works)) await work();
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [name, work] of Object.entries(works))
      best[name] = Math.min(best[name] ?? Infinity, await work());
  }
  return best;
}

async function simulated() {
  const serving = await Serving.start(computers, 0);
  try {
    const { places } = serving;
    const [place] = places;
    if (!place) throw new Error('There is no computer to sign in to.');
    const times = await handshakes(place, {
      basic: () => ({ authentication: 'Basic', credential: CREDENTIAL }),
      ntlm: () => ({ authentication: 'Negotiate', credential: CREDENTIAL }),
    });
    const before = (await serving.counts()).requests;
    await list(place, 'Negotiate');
    const requests = (await serving.counts()).requests - before;
    const sweep = await quickest({
      bare: () => sweepBare(places, atOnce, requests),
      ntlm: () => sweepFleet(places, atOnce, 'Negotiate'),
    });
    return { handshakes: times, logins: { ...sweep, requests } };
  } finally {
    serving.stop();
  }
}

async function byKerberos() {
  const missing = missingKerberos() ?? missingAcceptor();
  if (missing !== undefined) return { missing };
  const realm = await startRealm();
  try {
    const acceptor = await startAcceptorIn({ accounts: [], args: ['--offer', 'Kerberos'], env: realm.env });
    const place = { address: 'localhost', port: acceptor.port };
    const ticket: How = { authentication: 'Kerberos' };
    const turns = new Turns({ limit: atOnce });
    const all = Array.from({ length: computers });
    try {
      return {
        handshakes: await handshakes(place, {
          ticket: () => ticket,
          // Anew, so that the KDC is asked each time.
          password: () => ({ ...ticket, credential: ALICE, kerberos: openSystemKerberos }),
        }),
        logins: await quickest({
          kerberos: () => took(() => Promise.all(all.map(() => turns.run('', () => signIn(place, ticket))))),
        }),
      };
    } finally {
      await acceptor.stop();
    }
  } finally {
    await realm.stop();
  }
}

const [own, kerberos] = [await simulated(), await byKerberos()];
process.stdout.write(`${JSON.stringify({ own, kerberos })}\n`);
