import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { WinRMError } from '../winrm/index.ts';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

const ENUMERATE = '/enumeration/Enumerate<';
const RECONNECT = '/windows/shell/Reconnect<';
const READS = '<rsp:DesiredStream CommandId=';
const first = { processId: 1, isRunning: () => true };
const second = { processId: 2, isRunning: () => true };

/** Something that happens once, and can be waited for. */
function moment() {
  let happens: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (happens = resolve));
  return { happens, happened };
}

const actionOf = (soap: string) => /<a:Action[^>]*>[^<]*\/(\w+)</.exec(soap)?.[1] ?? '';

/**
 * A run of Receive that is in the session by the time that another, which listed it when it was free, would take it up.
 * There is a client for the endpoint, so that both are that one.
 */
async function raced(cmdlet: string, ...more: string[]) {
  await runs.ask('Connect-PSSession', 'web01', '-Name', 'web'); // keeps the client
  const [listed, taken, over] = [moment(), moment(), moment()];
  const sent: string[] = [];
  const late: OnTheWay = async (soap, send) => {
    sent.push(actionOf(soap));
    const answer = await send();
    if (soap.includes(ENUMERATE)) {
      listed.happens();
      await taken.happened;
    }
    return answer;
  };
  const early: OnTheWay = async (soap, send) => {
    if (soap.includes(READS)) {
      taken.happens();
      await over.happened;
    }
    return send();
  };
  const loser = runs.pssm([cmdlet, 'web01', '-Name', 'job', ...more], { onTheWay: late, io: second });
  await runs.finish(listed.happened);
  const winner = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { onTheWay: early, io: first });
  const lost = await runs.finish(loser.done);
  over.happens();
  return { lost, sent, won: await runs.finish(winner.done) };
}

test.each(['Receive-PSSession', 'Connect-PSSession', 'Remove-PSSession'])(
  '%s keeps out of a session that another run took since it was listed, as the same client',
  async (cmdlet) => {
    const { lost, sent, won } = await raced(cmdlet);
    expect(lost.code).toBe(1);
    expect(lost.out).not.toContain('job');
    expect(lost.err.match(/Another run of pssm \(process 1\) is in it\. Disconnect-PSSession/g)).toHaveLength(
      1,
    );
    expect(sent).toEqual(['Enumerate']);
    expect([won.code, won.err.includes('gone'), won.out === '']).toEqual([0, false, false]);
    expect(await runs.states()).toMatchObject({ job: 'None' });
  },
);

test('Remove-PSSession -Force takes it all the same, and the run that was in it says once that it is gone', async () => {
  const { lost, won } = await raced('Remove-PSSession', '-Force');
  expect(lost.code).toBe(0);
  expect(won.code).toBe(1);
  expect(won.err.match(/FullyQualifiedErrorId/g)).toHaveLength(1);
  expect(won.err).not.toContain('may still read as in use');
  const { clients } = JSON.parse(readFileSync(runs.stateFile, 'utf8')) as {
    clients: { sessions: unknown[] }[];
  };
  expect(clients.flatMap(({ sessions }) => sessions)).toHaveLength(1); // web alone
});

test('when a run is over, nothing says that it is in a session', async () => {
  await runs.finish(runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { io: first }).done);
  await runs.ask('Connect-PSSession', 'web01', '-Name', 'web');
  const { runs: kept } = JSON.parse(readFileSync(join(dirname(runs.stateFile), 'runs.json'), 'utf8')) as {
    runs: unknown[];
  };
  expect(kept).toEqual([]);
});

describe('a run that cannot be judged from here', () => {
  const inside = async () => {
    await runs.ask('Connect-PSSession', 'web01', '-Name', 'job');
    const { clients } = JSON.parse(readFileSync(runs.stateFile, 'utf8')) as {
      clients: { sessionId: string; sessions: { instanceId: string }[] }[];
    };
    const [{ sessionId, sessions }] = clients as [(typeof clients)[0]];
    const run = {
      instanceId: sessions[0]!.instanceId,
      sessionId,
      since: Date.UTC(2026, 0, 1),
      processId: 1,
      host: 'there',
    };
    writeFileSync(join(dirname(runs.stateFile), 'runs.json'), JSON.stringify({ version: 1, runs: [run] }));
  };

  test.each(['Connect-PSSession', 'Receive-PSSession', 'Remove-PSSession'])(
    'is taken to go on by %s, which names Disconnect-PSSession',
    async (cmdlet) => {
      await inside();
      const { code, err } = await runs.ask(cmdlet, 'web01', '-Name', 'job');
      expect(code).toBe(1);
      expect(err).toContain('Another run of pssm (process 1 on there) was in it when it was last heard of');
      expect(err).toContain('Disconnect-PSSession has it leave');
      expect((await runs.ask('Disconnect-PSSession', 'web01', '-Name', 'job')).code).toBe(0);
      expect((await runs.finish(runs.ask(cmdlet, 'web01', '-Name', 'job'))).code).toBe(0);
    },
  );
});

test('what an earlier version kept of a run is read: its number, beside the client’s', async () => {
  await runs.ask('Connect-PSSession', 'web01', '-Name', 'job');
  const kept = JSON.parse(readFileSync(runs.stateFile, 'utf8')) as { clients: { sessions: object[] }[] };
  Object.assign(kept.clients[0]!.sessions[0]!, { processId: 1 });
  mkdirSync(dirname(runs.stateFile), { recursive: true });
  writeFileSync(runs.stateFile, JSON.stringify(kept));
  const { err } = await runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { io: second }).done;
  expect(err).toContain('Another run of pssm (process 1) is in it.');
});

test('a Reconnect that the network lost is not followed by a Connect, which would stand in its way', async () => {
  await runs.ask('Connect-PSSession', 'web01', '-Name', 'web');
  await runs.ask('Disconnect-PSSession', 'web01', '-Name', 'web');
  const sent: string[] = [];
  const onTheWay: OnTheWay = async (soap, send) => {
    sent.push(actionOf(soap));
    const answer = await send();
    if (soap.includes(RECONNECT)) throw new WinRMError('unreachable', 'Broken off.', { network: 'after' });
    return answer;
  };
  const { code } = await runs.pssm(['Connect-PSSession', 'web01', '-Name', 'web'], { onTheWay }).done;
  expect(code).toBe(1);
  expect(sent).toEqual(['Enumerate', 'Reconnect', 'Disconnect']);
});
