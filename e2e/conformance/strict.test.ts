import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingIO } from '../../electron/cli/recording-io.ts';
import { run } from '../../electron/cli/run.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from '../peers/powershell-client.ts';
import type { PowerShellClient } from '../peers/powershell-client.ts';
import { announceSkip } from '../peers/skip.ts';
import { isListed, steps } from './behaviour.ts';
import type { Answer } from './behaviour.ts';
import { makeSessions } from './make-sessions.ts';
import { clientOf, servers } from './servers.ts';
import type { Listening } from './servers.ts';

/** The questions that pssm cannot be asked as they are, by what they are about. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  'no session here and a name without wildcards: a miss': 'pssm keeps no sessions of its own between runs',
  'no session here and a name with wildcards: none': 'pssm keeps no sessions of its own between runs',
  'no session here and an id': 'pssm keeps no sessions of its own between runs',
  'no session here and an instance id': 'pssm keeps no sessions of its own between runs',
  'a pattern that is not closed, here': 'pssm keeps no sessions of its own between runs',
  'what was kept of the answer: idle time-out, buffering, dates': 'there is no Format-List; --json says them',
  'hits by id, in the order asked': 'the ids stand in a variable of the script; asked below',
  'a hit and a miss by id': 'the ids stand in a variable of the script; asked below',
  'the same id twice': 'the ids stand in a variable of the script; asked below',
  '. is localhost': 'the table is cloned by a script; asked below',
  'two computers, one of them twice': 'the table is cloned by a script; asked below',
  'one computer fails, the next is still asked': 'the table is cloned by a script; asked below',
  'ErrorAction Stop: the error ends the command, nothing is written': 'the table is cloned by a script',
  "a URI of another scheme with a path is not: it is asked over http, at that scheme's port":
    'every scheme but http and https is refused, path or not',
  'a computer name with a port, with a blank': 'two commands in one line; each is asked below',
  '$PSSessionOption and $PSSessionApplicationName are not for Get-PSSession: the target shows the path':
    'pssm has no preference variables',
  'sets that ask no network: virtual machines and containers of this process':
    'pssm has the ComputerName and ConnectionUri sets',
};

/** Where pssm differs on purpose, and what it says instead. */
const DIFFERS: Readonly<Record<string, string>> = {
  // These runs hand in a password; without an account it is nobody's.
  'Basic without a credential': 'CredentialRequired,Microsoft.PowerShell.Commands.GetPSSessionCommand',
  // Basic over http is refused before any traffic, unless NoEncryption allows it.
  'an IPv6 address gets brackets':
    '-2144108322,RemotePSSessionQueryFailed,Microsoft.PowerShell.Commands.GetPSSessionCommand',
};

/** The state in which all of these are asked: what the owner made before, as seen from another client. */
const MADE = [
  { name: 'web', leave: { idleTimeoutMs: 600_000, bufferMode: 'Drop' as const } },
  { name: 'db1' },
  { name: 'DB2', leave: {} },
  { name: 'jea', configurationName: 'JEA' },
];
const OPTION = '-SessionOption @{NoEncryption=$true;OperationTimeout=20000}';

/** What both say of a session, apart from ids and times, which no two processes share. */
const inShort = (output: readonly unknown[]) =>
  output
    .filter(isListed)
    .map(({ Name, ComputerName, State, Availability, ConfigurationName }) => [
      Name,
      ComputerName,
      State,
      Availability,
      ConfigurationName,
    ]);

/** What another client than the owner asks about the computer, up to the first session that it takes. */
const all = steps();
const untilTaken = all.slice(
  0,
  all.findIndex(({ command }) => command.includes('Connect-PSSession @at')),
);
const answered = untilTaken.flatMap(({ who, command, answer }) =>
  who === 'client' && answer ? [{ command, answer }] : [],
);
const isBefore = ({ about }: Answer) => answered.findIndex(({ answer }) => answer.about === about) < 8;
const asked = answered.filter(({ answer }) => !(answer.about in NOT_ASKED) && !isBefore(answer));

test('what is not asked is among the questions', () => {
  const abouts = answered.map(({ answer }) => answer.about);
  for (const about of Object.keys(NOT_ASKED)) expect(abouts).toContain(about);
});

const clientMissing = await missingPowerShellClient();

for (const server of await servers()) {
  const isReal = server.name === 'real PowerShell';
  const missing = announceSkip(
    `pssm Get-PSSession --strict asking ${server.name}`,
    server.missing ?? (isReal ? clientMissing : undefined),
  );

  describe.skipIf(missing)(
    `pssm Get-PSSession --strict, asking ${server.name}, says what PowerShell says:`,
    () => {
      let http: Listening;
      let https: Listening;
      let powerShell: PowerShellClient | undefined;
      const folder = mkdtempSync(join(tmpdir(), 'pssm-strict-'));

      /** The command of the question, with what its variables stood for. */
      const words = (command: string) =>
        command
          .replace(
            '@at',
            `-ComputerName localhost -Port ${http.port} -Authentication Basic -Credential alice ${OPTION}`,
          )
          .replace('-SessionOption $o', OPTION)
          .replace(/\(Get-Credential (\w+) \w+\)/, '$1')
          .replace('-Credential $c', '-Credential alice')
          .replace(
            '(New-PSSessionOption -SkipCACheck -SkipCNCheck)',
            '@{SkipCACheck=$true;SkipCNCheck=$true}',
          )
          .replace('$httpsPort', String(https.port))
          .replace('$httpPort', String(http.port));

      async function pssm(command: string) {
        const password = /\(Get-Credential \w+ (\w+)\)/.exec(command)?.[1] ?? http.account.password;
        const { io, out, err } = recordingIO(folder, {
          now: Date.now,
          readPasswordLine: () => Promise.resolve(password),
        });
        await run([`${words(command)} -Strict -Json -PasswordStdin`], io);
        const ids = [...err().matchAll(/FullyQualifiedErrorId : (.*)/g)].map(([, id]) => id);
        const output = JSON.parse(out() || '[]') as unknown[];
        return { output, sessions: inShort(output), errors: ids, err: err() };
      }

      beforeAll(async () => {
        [http, https] = await Promise.all([server.start(), server.start({ https: true })]);
        if (!isReal) return makeSessions(http, MADE);
        powerShell = await startPowerShellClient();
        const owner = powerShell.runspace('owner');
        await owner.must(connectionScript(http.port, http.account));
        for (const { command, who, answer } of untilTaken) {
          if (who === 'owner' && !answer && !command.includes('Get-Credential')) await owner.must(command);
        }
      });

      afterAll(async () => {
        rmSync(folder, { recursive: true, force: true });
        await Promise.all([powerShell?.stop(), http?.stop(), https?.stop()]);
      });

      test.each(asked.map(({ command, answer }) => [answer.about || command, command, answer] as const))(
        '%s',
        async (_about, command, answer) => {
          const { sessions, errors, err } = await pssm(command);
          expect(sessions, err).toEqual(inShort(answer.output));
          const other = DIFFERS[answer.about];
          const theirs = answer.errors.map(({ fullyQualifiedErrorId }) => fullyQualifiedErrorId);
          expect(errors, err).toEqual(other === undefined ? theirs : [other]);
        },
      );

      const at = (computerName: string) =>
        `Get-PSSession -ComputerName ${computerName} -Port ${http.port} -Authentication Basic -Credential alice ${OPTION}`;
      const names = async (command: string) => (await pssm(command)).sessions.map(([name]) => name);

      test('ids are listed in the order asked, as often as asked, and a miss is told', async () => {
        const client = clientOf(http);
        const { sessions } = await client.list({}, { strict: false });
        client.close();
        const [web, , , jea] = sessions.map(({ instanceId }) => instanceId);
        expect(await names(`${at('localhost')} -InstanceId ${jea},${web}`)).toEqual(['jea', 'web']);
        expect(await names(`${at('localhost')} -InstanceId ${web},${web}`)).toEqual(['web', 'web']);
        const unknown = '11111111-2222-3333-4444-555555555555';
        expect(await pssm(`${at('localhost')} -InstanceId ${web},${unknown}`)).toMatchObject({
          sessions: [['web', 'localhost', 'Disconnected', 'None', 'Microsoft.PowerShell']],
          errors: ['PSSessionIdMatchFail,Microsoft.PowerShell.Commands.GetPSSessionCommand'],
        });
      });

      test('several computers answer in the order asked, one that fails among them', async () => {
        const { sessions, errors } = await pssm(`${at('.,no-such-computer.invalid,127.0.0.1')} -Name web`);
        expect(sessions.map(([name, computer]) => [name, computer])).toEqual([
          ['web', 'localhost'],
          ['web', '127.0.0.1'],
        ]);
        expect(errors).toEqual([
          'ComputerNotFound,RemotePSSessionQueryFailed,Microsoft.PowerShell.Commands.GetPSSessionCommand',
        ]);
      });

      test.each(['localhost:5985', "'a b'"])('%s is no name of a computer', async (name) => {
        expect((await pssm(`Get-PSSession -ComputerName ${name} -Credential alice`)).errors).toEqual([
          'System.UriFormatException,Microsoft.PowerShell.Commands.GetPSSessionCommand',
        ]);
      });

      if (!isReal) return;
      test('several names over several computers: name by name, each session with the Id that it was read with', async () => {
        const reader = powerShell?.runspace('reader');
        await reader?.must(connectionScript(http.port, http.account));
        await reader?.must("$at.ComputerName = '127.0.0.1', 'localhost'");
        for (const wanted of ["'j*',web,DB2", "'*b*',web"]) {
          // Ids count on over all queries of a process, so those before are taken off.
          const theirs = await reader?.must(
            `$before = (Get-PSSession @at).Id[-1]; Get-PSSession @at -Name ${wanted} | ForEach-Object { "$($_.Id - $before) $($_.Name) $($_.ComputerName)" }`,
          );
          const { output } = await pssm(`${at('127.0.0.1,localhost')} -Name ${wanted}`);
          const ours = output.filter(isListed).map((one) => `${one.Id} ${one.Name} ${one.ComputerName}`);
          expect(ours).toEqual(theirs);
          expect(ours.length).toBeGreaterThan(2);
        }
      });

      test.each(['Get-PSSession', 'Connect-PSSession', 'Receive-PSSession'])(
        '%s gives its own word where the computer cannot be asked',
        async (cmdlet) => {
          const runspace = powerShell?.runspace('client');
          const withPort = '-Authentication Basic -Name web -ComputerName localhost -Port';
          const wrong = `${cmdlet} ${withPort} ${http.port} -Credential`;
          const dead = `${cmdlet} ${withPort} 1 -Credential`;
          for (const command of [wrong, dead]) {
            const option = '-SessionOption (New-PSSessionOption -NoEncryption)';
            const theirs = await runspace?.run(`${command} (Get-Credential alice wrong) ${option}`);
            const { io, err } = recordingIO(folder, { readPasswordLine: () => Promise.resolve('wrong') });
            await run([`${command} alice ${OPTION} -PasswordStdin`], io);
            const ids = theirs?.errors.map(({ fullyQualifiedErrorId }) => fullyQualifiedErrorId) ?? [];
            expect(ids).toHaveLength(1);
            expect(err()).toContain(`FullyQualifiedErrorId : ${ids[0]}\n`);
          }
        },
      );

      test('sessions without a name, and one with a command, are listed as PowerShell lists them', async () => {
        const runspace = powerShell?.runspace('client');
        await runspace?.must(connectionScript(http.port, http.account));
        await makeSessions(http, [{ leave: {} }, { configurationName: 'JEA' }]);
        await runspace?.must('$null = Invoke-Command @at -InDisconnectedSession -SessionName job { 1 }');
        const theirs = await runspace?.run('Get-PSSession @at');
        const ours = await pssm(at('localhost'));
        expect(ours.sessions).toEqual(inShort(theirs?.output ?? []));
        expect(ours.sessions.map(([name]) => name)).toEqual([
          'web',
          'db1',
          'DB2',
          'jea',
          'rsp:Shell',
          'rsp:Shell',
          'job',
        ]);
      });
    },
  );
}
