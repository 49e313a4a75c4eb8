import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Credentials } from '../shared/credential.ts';
import { PLAIN, setup } from './desk-fixture.ts';

/** A person with one saved computer and a credential for it, who looks at the sample fleet. */
async function lookingAtSample() {
  const fixture = setup(['wrong', 'right']);
  const { desk, events, settled, attempts } = fixture;
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['credential.add']({ name: 'Prod', username: 'alice' });
  await settled();
  const [, shown] = events.findLast(([name]) => name === 'credentials.changed')!;
  const credentialId = (shown as Credentials).credentials[0]!.id;
  await desk.handlers['computer.add']({
    text: 'srv1',
    ...PLAIN,
    signIn: { kind: 'credential', credentialId },
  });
  await settled();
  await desk.handlers['sample.open']({});
  await settled();
  attempts.length = 0;
  return { ...fixture, credentialId };
}

/** As another process would. */
function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

test('while the sample fleet is shown nothing is sent to the own computers, whatever becomes of their files', async () => {
  const { desk, folder, file, attempts, settled, credentialId } = await lookingAtSample();
  await desk.handlers['credential.replace']({ credentialId }); // by whoever else has the same vault
  edit(join(folder, 'credentials.json'), (text) => text.replace('"changedOn": 1', '"changedOn": 2'));
  await settled();
  edit(file, (text) => text.replaceAll('srv1', 'srv2'));
  await settled();
  await settled();
  expect(attempts).toEqual([]);
  await desk.handlers['sample.close']({});
  await settled();
  expect(attempts).toEqual(['srv2']);
});

test('nor is anything sent that is asked for under it', async () => {
  const { desk, attempts, questions, settled, credentialId, file } = await lookingAtSample();
  const { computers } = JSON.parse(readFileSync(file, 'utf8')) as { computers: { id: string }[] };
  const computerId = computers[0]!.id;
  const before = questions.length;
  const refusal = 'While the sample fleet is shown nothing is sent. Leave it first.';
  await expect(desk.handlers['credential.test']({ credentialId, computerId })).rejects.toThrow(refusal);
  await expect(desk.handlers['password.ask']({ computerIds: [computerId] })).rejects.toThrow(refusal);
  await settled();
  expect([attempts, questions.length]).toEqual([[], before]);
});
