import { expect, test } from 'vitest';
import { WinRMError } from '../../electron/winrm/index.ts';
import type { PipelineEvent, RemoteComputer } from '../../electron/winrm/index.ts';
import { withEachServer } from './conversation.ts';
import { said } from './said.ts';

const RECEIVES_COMMAND = /<rsp:DesiredStream CommandId=/;
const IDLE_MS = 1_000;

await withEachServer('holding sessions', (to) => {
  const find = async (name: string) => (await to.list()).find((session) => session.name === name);
  const take = async (name: string, client: RemoteComputer) => client.connect(await to.find(name, client));

  test('a session of which another client had half an object is taken up, and says that one is missing', async () => {
    const big = `${'x'.repeat(120_000)}`;
    await to.owner.must(
      `$null = Invoke-Command @at -InDisconnectedSession -SessionName big { '${big}'; 'after' }`,
    );
    let received = 0;
    const dies = to.newClient({
      // An envelope holds one fragment; a client that had one dies.
      rewrite: (soap) => {
        if (RECEIVES_COMMAND.test(soap) && ++received > 1) throw new WinRMError('cancelled', 'It died.');
        return soap.replace('512000<', '60000<');
      },
    });
    const half = await take('big', dies);
    await expect(half.receive(() => expect.unreachable())).rejects.toThrow('It died.');
    await half.disconnect();
    const events: PipelineEvent[] = [];
    const held = await take('big', to.newClient());
    expect(await held.receive((event) => events.push(event))).toEqual({ state: 'Completed' });
    expect(events[0]).toEqual({ kind: 'missing' });
    expect(said(events, 'output')).toEqual(['after']);
  });

  test('a held session lives longer than its idle time-out while it is listened to, and not while it is not', async () => {
    await to.owner.must(
      '$null = New-PSSession @at -Name heard | Disconnect-PSSession; $null = New-PSSession @at -Name unheard | Disconnect-PSSession',
    );
    const shorten = async (name: string) => {
      const client = to.newClient({ operationTimeoutMs: 400 });
      await (await take(name, client)).disconnect({ idleTimeoutMs: IDLE_MS });
      return take(name, client);
    };
    const heard = await shorten('heard');
    const ended = heard.watch(() => expect.unreachable());
    await shorten('unheard');
    await expect.poll(() => find('unheard'), { timeout: 10_000 }).toBeUndefined();
    expect(await find('heard')).toMatchObject({ availability: 'Busy' });
    await heard.disconnect();
    expect(await ended).toEqual({ state: 'Disconnected' });
  });

  test('a session that somebody ends while it is listened to is noticed', async () => {
    await to.owner.must('$null = New-PSSession @at -Name ends | Disconnect-PSSession');
    const client = to.newClient();
    const held = await take('ends', client);
    const ended = held.watch(() => expect.unreachable()).catch((error: unknown) => error);
    await to.newClient().remove(await to.find('ends'), { force: true });
    expect(await ended).toMatchObject({ kind: 'fault' });
    await expect(held.disconnect()).rejects.toMatchObject({ faultCode: 2150858843 });
  });
});
