import { expect, test } from 'vitest';
import { openComputer, OutputRenderer } from '../index.ts';
import transcript from './connect-and-receive.json';
import { playTranscript } from './play-transcript.ts';

test('a session of real PowerShell is listed, connected, read to its end and left', async () => {
  const computer = openComputer({
    computerName: 'web01',
    options: {},
    channel: playTranscript(transcript),
    now: () => Date.UTC(2026, 0, 1),
  });
  const { sessions } = await computer.list({ name: ['j*'] }, { strict: true });
  const [session] = sessions;
  if (!session) throw new Error('The transcript lists one session.');
  expect(session).toMatchObject({
    name: 'job',
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { owner: 'LAB\\alice', idleTimeoutMs: 7_200_000, bufferMode: 'Block' },
  });

  const held = await computer.connect(session);
  expect(held.session).toMatchObject({ state: 'Opened', availability: 'Busy' });
  const renderer = new OutputRenderer();
  const lines: string[] = [];
  const outcome = await held.receive((event) =>
    lines.push(...renderer.render(event).map(({ stream, text }) => `${stream}: ${text}`)),
  );
  lines.push(...renderer.end().map(({ stream, text }) => `${stream}: ${text}`));
  expect(outcome).toEqual({ state: 'Completed' });
  expect(lines.slice(0, 4)).toEqual([
    'output: hello',
    'output: 42',
    'warning: careful',
    'error: Write-Error: oops',
  ]);
  await held.disconnect();
});
