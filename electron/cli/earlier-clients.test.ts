import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});
const ask = (...argv: string[]) => runs.ask(...argv);

describe('a session that an earlier run took up', () => {
  test.each(['WEB01', 'web01.lab.example', '10.0.0.7'])('is disconnected from %s, too', async (name) => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    expect(await ask('Disconnect-PSSession', name, '-Name', 'web')).toMatchObject({ code: 0, err: '' });
    expect(await runs.states()).toMatchObject({ web: 'None' });
  });

  test('is connected again, received and removed by another of the computer’s names', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web,job');
    expect(await ask('Connect-PSSession', 'alias', '-Name', 'job')).toMatchObject({ code: 0, err: '' });
    const { code, out } = await runs.finish(
      runs.pssm(['Receive-PSSession', '10.0.0.7', '-Name', 'job']).done,
    );
    expect([code, out === '']).toEqual([0, false]);
    expect(await ask('Remove-PSSession', 'WEB01', '-Name', 'web')).toMatchObject({ code: 0, err: '' });
    expect(await runs.states()).toMatchObject({ job: 'None' });
    expect(Object.keys(await runs.states())).not.toContain('web');
  });

  test('with another account is not left as that one, and it is said which one it was', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web', '-Credential', 'LAB\\alice');
    const { code, err } = await ask(
      'Disconnect-PSSession',
      'web01',
      '-Name',
      'web',
      '-Credential',
      'LAB\\bob',
    );
    expect(code).toBe(1);
    expect(err).toContain('An earlier run of pssm took it up as LAB\\alice');
    expect(err).not.toContain('is on record for it');
  });
});

describe('with a state file that cannot be used', () => {
  const NEWER = JSON.stringify({ version: 2 });
  const ways = {
    'of a newer version': () => {
      mkdirSync(dirname(runs.stateFile), { recursive: true });
      writeFileSync(runs.stateFile, NEWER);
    },
    'whose folder is none': () => writeFileSync(dirname(runs.stateFile), NEWER),
  };

  describe.each(Object.entries(ways))('%s', (_, spoil) => {
    test('Connect-PSSession sends nothing, and blames no computer', async () => {
      spoil();
      const { code, err } = await ask('Connect-PSSession', 'web01,dead', '-Name', 'web');
      expect(code).toBe(1);
      expect(err).toContain('StateFileFailed,Microsoft.PowerShell.Commands.ConnectPSSessionCommand');
      expect(err).toContain('Nothing was sent');
      expect(err).not.toMatch(/remote session query|\[web01\]|\[dead\]/);
      expect(await runs.states()).toMatchObject({ web: 'None' });
    });

    test('Receive-PSSession reads what was never ours all the same', async () => {
      spoil();
      const { code, out, err } = await runs.finish(
        runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job']).done,
      );
      expect([code, out === '']).toEqual([0, false]);
      expect(err).toContain("taken for another client's");
    });

    test('Disconnect-PSSession does not claim to know whose a session is', async () => {
      spoil();
      const { code, err } = await ask('Disconnect-PSSession', 'web01', '-Name', 'db1');
      expect(code).toBe(1);
      expect(err).toContain('whether it is an earlier run of pssm is not known');
    });
  });

  test('it is left as it is', async () => {
    ways['of a newer version']();
    for (const cmdlet of ['Connect', 'Disconnect', 'Remove'])
      await ask(`${cmdlet}-PSSession`, 'web01', '-Name', 'web');
    expect(readFileSync(runs.stateFile, 'utf8')).toBe(NEWER);
  });

  test('what was removed stays removed, though that cannot be noted', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: true };
    const surroundings = { delay: runs.time.delay, latencyMs: () => 0 };
    const { io, err } = recordingIO(runs.folder, {
      channelTo: () => () => {
        const channel = openSimulatedChannel(runs.computer, caller, surroundings);
        const post = (soap: string, signal: AbortSignal) => {
          if (soap.includes('/transfer/Delete<')) ways['of a newer version']();
          return channel.post(soap, signal);
        };
        return { ...channel, post };
      },
    });
    expect(await run(['Remove-PSSession', 'web01', '-Name', 'web'], io)).toBe(0);
    expect(err()).toMatch(/^WARNING: \[web01\] web was removed, but: Nothing was saved\. .*newer version/);
    expect(Object.keys(await runs.states())).not.toContain('web');
  });
});
