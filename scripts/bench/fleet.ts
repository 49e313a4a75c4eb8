import { setImmediate as nextTurn } from 'node:timers/promises';
import { askAll } from '../../electron/cli/ask-all.ts';
import { Fleet } from '../../electron/fleet.ts';
import { LoginGuard } from '../../electron/login-guard.ts';
import { systemTimer } from '../../electron/timer.ts';
import { Turns } from '../../electron/turns.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import type { BeforeLogin } from '../../electron/winrm/index.ts';
import { toSoap } from '../../electron/winrm/wsman/request.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import { askBare } from './bare-http.ts';
import type { Place } from './serving.ts';

export type Authentication = 'Basic' | 'Negotiate';

export const CREDENTIAL = { username: 'alice', password: 'Passw0rd!' };
const AUTHORIZATION = `Basic ${Buffer.from(`${CREDENTIAL.username}:${CREDENTIAL.password}`).toString('base64')}`;
const GUID = '00000000-0000-0000-0000-000000000000';

/** What the bare client sends, ready made: the first request of a list. */
export const SOAP = toSoap(
  {
    action: 'Enumerate',
    resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
    body: {
      markup: '<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>',
    },
  },
  {
    to: 'http://localhost/wsman',
    messageId: GUID,
    sessionId: GUID,
    operationId: GUID,
    maxEnvelopeSizeBytes: 512_000,
    operationTimeoutMs: 180_000,
    locale: 'en-US',
  },
);

/** Milliseconds for asking every place by a client that does nothing more, `requests` times each. */
export async function sweepBare(places: readonly Place[], atOnce: number, requests = 1): Promise<number> {
  const start = performance.now();
  const turns = new Turns({ limit: atOnce });
  const target = { authorization: AUTHORIZATION, soap: SOAP };
  await Promise.all(places.map((place) => turns.run('', () => askBare({ ...place, ...target }, requests))));
  return performance.now() - start;
}

/** Milliseconds until the window's fleet knows the sessions of every place but `dead`, which is asked first. */
export async function sweepFleet(
  places: readonly Place[],
  atOnce: number,
  authentication: Authentication,
  dead?: Place,
): Promise<number> {
  const all = dead ? [dead, ...places] : places;
  let left = places.length;
  let isSwept = false;
  let known: Promise<number> | undefined;
  const fleet = new Fleet({
    open: ({ computerName, options: { port = 0 } }, _, gateOf) =>
      open({ address: computerName, port }, authentication, gateOf(CREDENTIAL)),
    taken: () => {
      if (--left === 0) known = allKnown();
    },
    refused: () => undefined,
    stopped: () => undefined,
    audit: () => undefined,
    emit: {
      changed: () => undefined,
      sweep: () => undefined,
      consoles: () => undefined,
      output: () => undefined,
    },
    now: Date.now,
    gather: 50,
    timer: systemTimer,
  });
  fleet.throttleLimit = atOnce;
  const computers = all.map(({ address, port }, i): ResolvedComputer => ({
    id: String(i),
    computerName: address,
    groupIds: [],
    tags: [],
    options: { port },
  }));
  fleet.setComputers(computers);
  const sessionsOf = ({ id }: ResolvedComputer) => fleet.status(id)?.last?.sessions.length ?? [];
  /** The last login is taken before its answer is read. */
  async function allKnown() {
    while (computers.flatMap(sessionsOf).length < places.length && !isSwept) await nextTurn();
    const took = performance.now() - start;
    fleet.cancel();
    return took;
  }
  const start = performance.now();
  await fleet.refresh();
  isSwept = true;
  const took = (await known) ?? NaN;
  const answers = computers.flatMap(sessionsOf);
  await fleet.close(0);
  requireAll(places, answers);
  return took;
}

/** Milliseconds for asking every place as the command does it. */
export async function sweepCommand(places: readonly Place[], atOnce: number): Promise<number> {
  const start = performance.now();
  const gate = new LoginGuard().gate(CREDENTIAL);
  const { signal } = new AbortController();
  const answers = await askAll(places, (place) => list(place, 'Basic', gate.before), {
    limit: atOnce,
    signal,
    gateOf: () => gate,
  });
  const took = performance.now() - start;
  requireAll(
    places,
    answers.flatMap((answer) => (answer.kind === 'answered' ? answer.value : [])),
  );
  return took;
}

/** How many sessions a computer has, over a connection of its own. */
export async function list(
  place: Place,
  authentication: Authentication,
  beforeLogin?: BeforeLogin,
): Promise<number> {
  const computer = open(place, authentication, beforeLogin);
  try {
    return (await computer.list({}, { strict: false })).sessions.length;
  } finally {
    computer.close();
  }
}

const open = ({ address, port }: Place, authentication: Authentication, beforeLogin?: BeforeLogin) =>
  openComputer({
    computerName: address,
    credential: CREDENTIAL,
    options: { port, authentication, allowBasicOverHttp: true },
    ...(beforeLogin && { beforeLogin }),
  });

/** Times of computers that did not answer would say nothing. */
function requireAll({ length }: readonly Place[], answers: readonly number[]): void {
  const sessions = answers.reduce((sum, count) => sum + count, 0);
  if (answers.length === length && sessions > length) return;
  throw new Error(`Of ${length} computers ${answers.length} answered, with ${sessions} sessions.`);
}
