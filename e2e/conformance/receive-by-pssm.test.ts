import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recordingIO } from '../../electron/cli/recording-io.ts';
import { run } from '../../electron/cli/run.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from '../peers/powershell-client.ts';
import type { PowerShellClient, PowerShellRunspace } from '../peers/powershell-client.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import type { PowerShellServer } from '../peers/powershell-server.ts';
import { announceSkip } from '../peers/skip.ts';
import { startSwallowingNetwork } from './swallowing-network.ts';
import type { SwallowingNetwork } from './swallowing-network.ts';

const missing = announceSkip(
  'what pssm receives of real PowerShell',
  (await missingPowerShellServer()) ?? (await missingPowerShellClient()),
);

describe.skipIf(missing)('pssm, of a command that real PowerShell left running,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-receive-'));
  let server: PowerShellServer;
  let powerShell: PowerShellClient;
  let owner: PowerShellRunspace;
  let network: SwallowingNetwork | undefined;

  beforeAll(async () => {
    [server, powerShell] = await Promise.all([startPowerShellServer(), startPowerShellClient()]);
    owner = powerShell.runspace('owner');
    await owner.must(connectionScript(server.port, server.account));
  });
  afterEach(async () => {
    await network?.stop();
    network = undefined;
  });
  afterAll(async () => {
    await Promise.all([powerShell?.stop(), server?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const leave = (name: string, script: string) =>
    owner.must(`$null = Invoke-Command @at -InDisconnectedSession -SessionName ${name} { ${script} }`);

  function pssm(cmdlet: string, name: string, ...more: string[]) {
    const { username, password } = server.account;
    const recording = recordingIO(folder, { readPasswordLine: () => Promise.resolve(password) });
    const where = ['localhost', '-Port', String(network?.port ?? server.port), '-Name', name];
    const who = ['-Authentication', 'Basic', '-Credential', username, '--password-stdin'];
    // A second each, beside what a computer is given to say that it took too long.
    const option = '@{NoEncryption=$true; OperationTimeout=1000; CancelTimeout=1000}';
    const argv = [cmdlet, ...where, ...who, ...more, '-SessionOption', option];
    const done = run(argv, recording.io).then((code) => ({
      code,
      out: recording.out(),
      err: recording.err(),
    }));
    return { done, out: recording.out };
  }
  const received = async (name: string, script: string, ...more: string[]) => {
    await leave(name, script);
    const { code, out, err } = await pssm('Receive-PSSession', name, ...more).done;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await pssm('Remove-PSSession', name).done; // the next one of that name is another
    return more.length > 0
      ? out
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { text: string }).text)
          .join('\n')
      : out;
  };

  test.each([[[]], [['-Json']]])('gives XML with %j as real PowerShell writes it', async (more) => {
    const xml =
      '<?xml version="1.0"?><a at="x &lt; y &#x41;">\n  <b>impor_x0041_tant &amp; é ]]&gt;</b><!-- c --><c /></a>';
    const script = `$x = [xml]'${xml}'; $x; [pscustomobject]@{x = $x; n = 1}; $x.OuterXml`;
    const lines = (await received('xml', script, ...more)).trimEnd().split('\n');
    const outer = lines.at(-1)!;
    expect(outer).toContain('<b>impor_x0041_tant &amp; é ]]&gt;</b>');
    expect(lines.filter((line) => line.includes(outer))).toHaveLength(3);
    expect(lines[0]).toBe(outer);
  });

  const NESTED =
    '[pscustomobject]@{l = 1..6; h = [ordered]@{a = 1; b = @{c = @{d = 2}}}; o = @([pscustomobject]@{q = @{z = 1}})}';
  test('shows as much of what is nested as PowerShell does, marked, and all of it with -Json', async () => {
    const plain = await received('nested', NESTED);
    expect(plain).toContain('{1, 2, 3, 4…} {[a, 1], [b, {[c, {[d, 2]}]}]} {@{q={[z, 1]}}}');
    const whole = await received('whole', NESTED, '-Json');
    expect(whole).toContain('{1, 2, 3, 4, 5, 6} {[a, 1], [b, {[c, {[d, 2]}]}]} {@{q={[z, 1]}}}');
  });

  test('says that an answer may be lost where the network goes dead under it, and so one is', async () => {
    await leave('ticks', '1..900 | % { "tick $_"; Start-Sleep -m 200 }');
    network = await startSwallowingNetwork(server.port);
    const first = pssm('Receive-PSSession', 'ticks');
    await expect.poll(() => first.out(), { timeout: 20_000 }).toContain('tick 5\n');
    network.die();
    await network.swallowed();
    const { code, out, err } = await first.done;
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('The receive operation failed for session ticks'),
    ]);
    expect(err).toContain(
      'WARNING: [localhost] An answer about ticks may have been on its way, and was not waited for any longer. What it held, if any, is lost',
    );
    network.heal();
    const next = pssm('Receive-PSSession', 'ticks');
    await expect.poll(() => next.out(), { timeout: 20_000 }).toMatch(/tick \d+\n/);
    const last = Number(/tick (\d+)\n$/.exec(out)?.[1]);
    expect(Number(/tick (\d+)\n/.exec(next.out())?.[1])).toBeGreaterThan(last + 1);
    await pssm('Remove-PSSession', 'ticks', '-Force').done;
    await next.done;
  }, 120_000);

  test('says that one may have been removed whose Delete was carried out and not answered', async () => {
    await leave('goes', 'Start-Sleep 60');
    network = await startSwallowingNetwork(server.port);
    network.dieAfter('transfer/Delete<');
    const { code, err } = await pssm('Remove-PSSession', 'goes').done;
    expect(code).toBe(1);
    expect(err).toContain('goes may have been removed by now, or still read as in use: Get-PSSession');
    expect(err).toContain('it may have been removed by now, which Get-PSSession shows');
    expect(err).not.toMatch(/Try again|could not be left/);
    expect((await server.state()).shells.map(({ name }) => name)).not.toContain('goes');
  }, 120_000);
});
