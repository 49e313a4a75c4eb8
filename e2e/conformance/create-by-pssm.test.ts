import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recordingIO } from '../../electron/cli/recording-io.ts';
import { run } from '../../electron/cli/run.ts';
import type { ListedSession } from '../peers/powershell-client.ts';
import { withEachServer } from './conversation.ts';

const folder = mkdtempSync(join(tmpdir(), 'pssm-create-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

await withEachServer('pssm New-PSSession', (to) => {
  const pssm = async (cmdlet: string, words: readonly string[], option = '@{NoEncryption=$true}') => {
    const { port, account } = to.computer;
    const recording = recordingIO(folder, { readPasswordLine: () => Promise.resolve(account.password) });
    const here = words.includes('-ComputerName') ? [] : ['-ComputerName', 'localhost'];
    const where = [...here, '-Port', String(port)];
    const who = ['-Authentication', 'Basic', '-Credential', account.username, '--password-stdin'];
    const code = await run([cmdlet, ...where, ...who, ...words, '-SessionOption', option], recording.io);
    return { code, out: recording.out(), err: recording.err() };
  };
  const listed = async () => (await to.owner.must('Get-PSSession @at')) as readonly ListedSession[];

  test('prints what real New-PSSession prints, and both list the same', async () => {
    const { text } = await to.owner.run('New-PSSession @at -Name twin');
    const { code, out, err } = await pssm('New-PSSession', ['-Name', 'twin']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(withoutIds(out)).toBe(withoutIds(text));
    await to.owner.run('Get-PSSession | Remove-PSSession');
    const [seen] = await listed();
    expect(seen).toMatchObject({ Name: 'twin', State: 'Disconnected', Availability: 'Busy' });
    const strict = await pssm('Get-PSSession', ['-Strict', '-Json']);
    expect(JSON.parse(strict.out)).toMatchObject([
      { Name: 'twin', Availability: 'Busy', InstanceId: seen?.InstanceId },
    ]);
  });

  test('real PowerShell reads its ApplicationArguments once pssm has left it', async () => {
    const option =
      "@{NoEncryption=$true; NoMachineProfile=$true; ApplicationArguments=@{ticket='INC-1'; n=5; list='a','b'; inner=@{deep=$true}}}";
    await pssm('New-PSSession', ['-Name', 'args'], option);
    expect(await to.find('args')).toMatchObject({ shell: { profileLoaded: 'No' } });
    expect((await pssm('Disconnect-PSSession', ['-Name', 'args'])).code).toBe(0);
    await to.owner.must('$s = Connect-PSSession @at -Name args');
    const read = (expression: string) =>
      to.owner.must(`Invoke-Command -Session $s { $PSSenderInfo.ApplicationArguments.${expression} }`);
    expect(await read('ticket')).toEqual(['INC-1']);
    expect(await read('n')).toEqual([5]);
    expect(await read('list')).toEqual(['a', 'b']);
    expect(await read('inner.deep')).toEqual([true]);
  });

  test('values arrive that the same words make in real PowerShell', async () => {
    const written =
      "@{days=[timespan]'1'; tick=[timespan]'0:0:0.0000001'; zone=[datetime]'2026-01-02T03:04:05Z'; v=[version]'1.2147483647'; min=-2147483648; minus=0xFFFFFFFF; d=1.10d; kb=1.5dkb}";
    const option = `@{NoEncryption=$true; ApplicationArguments=${written}}`;
    await pssm('New-PSSession', ['-Name', 'values'], option);
    expect((await pssm('Disconnect-PSSession', ['-Name', 'values'])).code).toBe(0);
    await to.owner.must('$s = Connect-PSSession @at -Name values');
    for (const key of ['days', 'tick', 'zone', 'v', 'min', 'minus', 'd', 'kb']) {
      const ours = to.owner.must(`Invoke-Command -Session $s { $PSSenderInfo.ApplicationArguments.${key} }`);
      expect([key, await ours]).toEqual([key, await to.owner.must(`(${written}).${key}`)]);
    }
  });

  test('names keep their places where one is $null, or blank', async () => {
    const names = "x,$null,'  ',z";
    const four = Array<string>(4).fill('localhost').join(',');
    const { text } = await to.owner.run(
      `$four = $at.Clone(); $four.ComputerName = @('localhost') * 4; New-PSSession @four -Name ${names}`,
    );
    await to.owner.run('Get-PSSession | Remove-PSSession');
    const { out } = await pssm('New-PSSession', ['-ComputerName', four, '-Name', names]);
    // Real PowerShell writes them as they open, and counts on.
    const lines = (table: string) =>
      withoutIds(table)
        .replace(/Runspace\d+ /, 'Runspace# ')
        .split('\n')
        .map((line) => line.trim())
        .toSorted();
    expect(lines(out).filter(Boolean)).toEqual(lines(text).filter(Boolean));
  });

  test('is removed by pssm while it is connected still', async () => {
    await pssm('New-PSSession', ['-Name', 'short']);
    expect((await pssm('Remove-PSSession', ['-Name', 'short'])).code).toBe(0);
    expect(await listed()).toEqual([]);
  });

  test('an unknown configuration has the words and the id of real PowerShell', async () => {
    const { errors } = await to.owner.run('New-PSSession @at -ConfigurationName Nothing');
    const [{ message = '', fullyQualifiedErrorId = '' } = {}] = errors;
    const { code, err } = await pssm('New-PSSession', ['-ConfigurationName', 'Nothing']);
    expect(code).toBe(1);
    expect(err).toContain(
      `New-PSSession: ${message}\n    + FullyQualifiedErrorId : ${fullyQualifiedErrorId}\n`,
    );
  });
});

/** Each process counts its own. */
const withoutIds = (table: string) => table.replace(/^ *\d+ /gm, ' # ').trim();
