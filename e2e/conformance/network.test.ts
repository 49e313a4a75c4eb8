import { expect, test } from 'vitest';
import { WinRMError } from '../../electron/winrm/index.ts';
import type { PipelineEvent } from '../../electron/winrm/index.ts';
import { withEachServer } from './conversation.ts';
import { said } from './said.ts';

await withEachServer('conversations over a bad network', (to) => {
  test('connections that broke between requests are replaced', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const client = to.newClient();
    await to.find('free', client);
    await to.computer.killConnections();
    expect(await to.find('free', client)).toMatchObject({ availability: 'None' });
  });

  test('a Receive that the network broke under way is asked again, and nothing is lost or said twice', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 2; 'two' }",
    );
    const client = to.newClient();
    const held = await client.connect(await to.find('long', client));
    const events: PipelineEvent[] = [];
    const outcome = await new Promise((resolve, reject) => {
      let hasBroken = false;
      const onEvent = (event: PipelineEvent) => {
        events.push(event);
        if (hasBroken) return;
        hasBroken = true;
        // A round trip later the next Receive is on its way.
        to.find('long')
          .then(() => to.computer.killConnections())
          .catch(reject);
      };
      held.receive(onEvent).then(resolve, reject);
    });
    expect(outcome).toEqual({ state: 'Completed' });
    expect(said(events, 'output')).toEqual(['one', 'two']);
    expect(events.filter(({ kind }) => kind === 'interrupted')).toHaveLength(1);
  });

  test('an answer to Receive that the network lost is had all the same', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName talk { 1..50; 'end' }",
    );
    const client = to.newClient();
    const held = await client.connect(await to.find('talk', client));
    await to.computer.loseAnswer('Receive');
    const events: PipelineEvent[] = [];
    expect(await held.receive((event) => events.push(event))).toEqual({ state: 'Completed' });
    expect(said(events, 'output')).toEqual([...Array.from({ length: 50 }, (_, i) => i + 1), 'end']);
  });

  test('a connection that breaks under a question is made anew, and the question asked once more', async () => {
    await to.owner.must("$null = Invoke-Command @at -InDisconnectedSession -SessionName talk { 'said' }");
    const client = to.newClient();
    const session = await to.find('talk', client);
    await to.computer.loseAnswer('Enumerate');
    expect(await to.list(client)).toMatchObject([{ name: 'talk', availability: 'None' }]);
    const held = await client.connect(session);
    const events: PipelineEvent[] = [];
    await held.receive((event) => events.push(event));
    expect(said(events, 'output')).toEqual(['said']);
    // What changes something is not repeated: it may have been carried out.
    await to.computer.loseAnswer('Disconnect');
    await expect(held.disconnect()).rejects.toSatisfy(
      (error) => error instanceof WinRMError && error.kind === 'unreachable',
    );
  });
});
