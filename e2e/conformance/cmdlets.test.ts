import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingPowerShellClient, startPowerShellClient } from '../peers/powershell-client.ts';
import type { PowerShellClient, ScriptResult } from '../peers/powershell-client.ts';
import { announceSkip } from '../peers/skip.ts';
import { Anonymizer, changingSteps, steps, withoutIds } from './behaviour.ts';
import { servers } from './servers.ts';
import type { Listening } from './servers.ts';

const clientMissing = await missingPowerShellClient();

type Shown = Pick<ScriptResult, 'output' | 'errors' | 'text'>;

/** The peer's Write-Error is a function, whose name PowerShell adds to the id of the error; Windows has a cmdlet there. */
const withoutStandIns = ({ errors, ...rest }: Shown): Shown => ({
  ...rest,
  errors: errors.map((error) => ({
    ...error,
    fullyQualifiedErrorId: error.fullyQualifiedErrorId.replace(/,Write-Error$/, ''),
  })),
});

for (const server of await servers()) {
  const missing = announceSkip(`real cmdlets asking ${server.name}`, server.missing ?? clientMissing);

  describe.skipIf(missing)(`Real PowerShell's cmdlets, asking ${server.name}:`, () => {
    let http: Listening;
    let https: Listening;
    let powerShell: PowerShellClient;
    let anonymizer: Anonymizer;

    beforeAll(async () => {
      [http, https, powerShell] = await Promise.all([
        server.start(),
        server.start({ https: true }),
        startPowerShellClient(),
      ]);
      const ports = { httpPort: http.port, httpsPort: https.port };
      anonymizer = new Anonymizer(ports);
      for (const who of ['owner', 'client']) {
        await powerShell.runspace(who).must(`$httpPort = ${http.port}; $httpsPort = ${https.port}`);
      }
    });

    afterAll(() => Promise.all([powerShell?.stop(), http?.stop(), https?.stop()]));

    // Real PowerShell is on both ends of the answers already: there, what changes something is enough.
    const isReal = server.name === 'real PowerShell';
    const shown = (answer: Shown) => withoutStandIns(isReal ? withoutIds(answer) : answer);
    for (const { who, command, answer } of isReal ? changingSteps() : steps()) {
      test(answer ? `${who}: ${answer.about || command}` : `(${command.slice(0, 60)})`, async () => {
        const result = await powerShell.runspace(who).run(command);
        if (!answer) return; // the state that it makes shows in the next answers
        const { output, errors, text } = answer;
        expect(shown(anonymizer.result(command, result))).toEqual(shown({ output, errors, text }));
      });
    }
  });
}
