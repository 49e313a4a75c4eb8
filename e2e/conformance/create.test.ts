import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { primitiveDictionary } from '../../electron/winrm/index.ts';
import type { NewSession, PSValue } from '../../electron/winrm/index.ts';
import { objectArray } from '../../electron/winrm/index.ts';
import { parseDateTime } from '../../electron/winrm/psrp/date-time.ts';
import type { ListedSession } from '../peers/powershell-client.ts';
import { withEachServer } from './conversation.ts';

const newSession = (name: string, more: Partial<NewSession> = {}): NewSession => ({
  name,
  instanceId: randomUUID(),
  ...more,
});
const fault = (code: number) => expect.objectContaining({ faultCode: code });

await withEachServer('making sessions', (to) => {
  const others = async () => (await to.owner.must('Get-PSSession @at')) as readonly ListedSession[];

  test('a session that we make is one to real PowerShell’s Get-PSSession, in use, and to ours', async () => {
    const how = newSession('made');
    const made = await to.newClient().create(how);
    expect(made.session).toMatchObject({
      name: 'made',
      instanceId: how.instanceId,
      state: 'Opened',
      availability: 'Available',
      configurationName: 'Microsoft.PowerShell',
    });
    expect(await others()).toMatchObject([
      { Name: 'made', State: 'Disconnected', Availability: 'Busy', InstanceId: how.instanceId },
    ]);
    const { sessions } = await to.newClient().list({}, { strict: true });
    expect(sessions).toMatchObject([{ name: 'made', availability: 'Busy', commands: [] }]);
  });

  test('real PowerShell takes it up once it is left, and runs commands in it', async () => {
    const made = await to.newClient().create(newSession('handed'));
    await made.disconnect();
    expect(
      await to.owner.must('$s = Connect-PSSession @at -Name handed; Invoke-Command -Session $s { 6 * 7 }'),
    ).toEqual([42]);
  });

  test('it is held as long as its client wants, and goes with it', async () => {
    const client = to.newClient();
    const made = await client.create(newSession('mine'));
    await made.disconnect();
    const [listed] = await to.list(client);
    const again = await client.reconnect(listed!);
    await again.remove();
    expect(await to.list()).toEqual([]);
  });

  test('another configuration, idle time-out, buffering and no profile are as they were asked for', async () => {
    const client = to.newClient({
      sessionOption: { idleTimeout: 120_000, outputBufferingMode: 'Drop', noMachineProfile: true },
    });
    await client.create(newSession('jea', { configurationName: 'JEA' }));
    const found = await to.find('jea');
    expect(found).toMatchObject({
      configurationName: 'JEA',
      shell: { idleTimeoutMs: 120_000, bufferMode: 'Drop', profileLoaded: 'No' },
    });
    await to.newClient().create(newSession('plain'));
    expect(await to.find('plain')).toMatchObject({ shell: { profileLoaded: 'Yes', bufferMode: 'Block' } });
  });

  describe('ApplicationArguments', () => {
    /** What a command in the session finds of them. */
    async function found(given: Readonly<Record<string, PSValue>>, expression: string) {
      const applicationArguments = primitiveDictionary(Object.entries(given));
      const made = await to.newClient().create(newSession('args', { applicationArguments }));
      await made.disconnect();
      await to.owner.must('$s = Connect-PSSession @at -Name args');
      return to.owner.must(`Invoke-Command -Session $s { $PSSenderInfo.ApplicationArguments${expression} }`);
    }

    test.each<[string, PSValue, unknown]>([
      ['text', 'a<&"ü\n_x000A_', 'a<&"ü\n_x000A_'],
      ['number', -5, -5],
      ['double', { type: 'Double', value: 1.5 }, 1.5],
      ['decimal', { type: 'Decimal', value: '1.5' }, 1.5],
      ['truth', true, true],
    ])('a %s is found as it was given', async (_, value, expected) => {
      expect(await found({ one: value }, '.one')).toEqual([expected]);
    });

    test('dates, arrays and dictionaries, too', async () => {
      const given = {
        when: parseDateTime('2026-01-02T03:04:05'),
        list: objectArray(['a', 'b']),
        table: primitiveDictionary([['inner', primitiveDictionary([['deep', 'down']])]]),
      };
      expect(await found(given, '.list')).toEqual(['a', 'b']);
      const rest = (expression: string) =>
        to.owner.must(`Invoke-Command -Session $s { $PSSenderInfo.ApplicationArguments${expression} }`);
      expect(await rest('.table.inner.deep')).toEqual(['down']);
      const [when] = await rest('.when');
      expect(JSON.stringify(when)).toContain('2026-01-02T03:04:05');
    });

    test('and the PSVersionTable of their client', async () => {
      expect(await found({}, '.PSVersionTable.PSEdition')).toEqual(['Core']);
    });

    test('long ones, which a Create has no room for', async () => {
      const text = 'x'.repeat(100_000);
      expect(await found({ text }, '.text')).toEqual([text]);
    });
  });

  test('an unknown configuration is refused, and nothing is there', async () => {
    await expect(
      to.newClient().create(newSession('no', { configurationName: 'Nothing' })),
    ).rejects.toMatchObject({
      faultCode: 2150858811,
      message: expect.stringContaining('Cannot find the Nothing session configuration') as string,
    });
    expect(await to.list()).toEqual([]);
  });

  test('beyond the quota none is made, and the others stay', async () => {
    const client = to.newClient();
    for (let i = 0; i < 30; i++) await client.create(newSession(`s${i}`));
    await expect(client.create(newSession('one more'))).rejects.toEqual(fault(2150859173));
    expect((await to.list()).length).toBe(30);
  });

  test('one whose answer is lost is removed again', async () => {
    await to.computer.loseAnswer('Create');
    await expect(to.newClient().create(newSession('lost'))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await to.list()).toEqual([]);
  });

  test('one that is stopped is removed again', async () => {
    const stop = new AbortController();
    const client = to.newClient({
      rewrite: (soap) => {
        if (soap.includes('/shell/Receive<')) stop.abort(new Error('stopped'));
        return soap;
      },
    });
    await expect(client.create(newSession('stopped'), stop.signal)).rejects.toThrow('stopped');
    expect(await to.list()).toEqual([]);
  });

  test('a pool that PowerShell there refuses is told in its words, and removed', async () => {
    const client = to.newClient({
      rewrite: (soap) =>
        soap.replace(/(<creationXml[^>]*>)([^<]*)/, (_, tag: string, text: string) => {
          const bytes = Buffer.from(text, 'base64');
          const at = bytes.indexOf('<I32 N="MinRunspaces">1<');
          bytes.write('9', at + '<I32 N="MinRunspaces">'.length);
          return `${tag}${bytes.toString('base64')}`;
        }),
    });
    await expect(client.create(newSession('bad'))).rejects.toMatchObject({
      faultCode: 2152992672,
      info: {
        detail: expect.stringContaining('minimum pool size cannot be greater than the maximum') as string,
      },
    });
    expect(await to.list()).toEqual([]);
  });
});
