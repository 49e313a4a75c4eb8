import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AuditLog } from './audit-log.ts';
import { CredentialStore } from './credentials.ts';
import { openProfiles } from './profiles.ts';
import { memoryVault, vaultsOf } from './vault.ts';

/** What a process of its own writes, and a line on stdout for each that is said to be kept: `profile <name>`. */
type Written = 'profile' | 'credential' | 'audit';

/** Writes into all three files at once, each anew as soon as it was written. @param most writes of each */
async function writeForever(folder: string, writer: string, most = Infinity): Promise<void> {
  const profiles = openProfiles(join(folder, 'profile.json'));
  const credentials = new CredentialStore({
    file: join(folder, 'credentials.json'),
    vaults: async () => vaultsOf([memoryVault('')]),
  });
  const log = new AuditLog(join(folder, 'audit.jsonl'), { trouble: (one) => say('trouble', one) });
  const say = (kind: string, name: string) => process.stdout.write(`${kind} ${name}\n`);
  const writes: Record<Written, (name: string) => Promise<unknown>> = {
    profile: (computerName) =>
      profiles.update((all) => ({
        ...all,
        computers: [
          ...all.computers,
          { id: randomUUID(), computerName, groupIds: [], options: {}, tags: [], notes: 'x'.repeat(500) },
        ],
      })),
    credential: (name) =>
      credentials.add({ id: randomUUID(), name, username: 'LAB\\me', changedOn: 1 }, 'hunter2'),
    audit: (name) =>
      log.append({
        at: 0,
        action: 'connect',
        by: 'person',
        computer: 'web01',
        endpoint: 'http://web01:5985/wsman',
        session: { name, instanceId: 'a' },
        account: 'LAB\\me',
        result: 'done',
      }),
  };
  await Promise.all(
    Object.entries(writes).map(async ([kind, write]) => {
      for (let n = 0; n < most; n++) {
        const name = `${writer}-${n}`;
        await write(name);
        say(kind, name);
      }
    }),
  );
}

const [folder, writer, most] = process.argv.slice(2);
await writeForever(folder!, writer!, most ? Number(most) : Infinity);
