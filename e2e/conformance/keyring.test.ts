import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asScript, missingSecretService, runWithSecretService } from '../peers/keyring/secret-service.ts';
import { announceSkip } from '../peers/skip.ts';

const STORE = join(import.meta.dirname, '../../electron/store');
const missing = announceSkip('the system’s vault, against gnome-keyring', missingSecretService());

describe.skipIf(missing)('the Secret Service', () => {
  test('keeps a password for other processes, gives it out, and forgets it', () => {
    const { out, err, code } = runWithSecretService(
      asScript(`
        import { createRequire } from 'node:module';
        import { execFileSync } from 'node:child_process';
        import { openKeyringVault } from ${JSON.stringify(join(STORE, 'keyring-vault.ts'))};
        const load = () => createRequire(${JSON.stringify(import.meta.filename)})('@napi-rs/keyring');
        const open = () => openKeyringVault({ load, platform: 'linux' });
        const vault = await open();
        const said = [[vault?.kind, vault?.name], await vault.get('one') ?? 'nothing'];
        await vault.set('one', 'pässwörd 🔑 "quoted"');
        await vault.set('two', 'other');
        said.push(await (await open()).get('one'));
        await vault.delete('one');
        await vault.delete('one'); // whoever deletes twice is content
        said.push(await vault.get('one') ?? 'nothing', await vault.get('two'));
        console.log(JSON.stringify(said));
      `),
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toEqual([
      ['keyring', 'Secret Service'],
      'nothing',
      'pässwörd 🔑 "quoted"',
      'nothing',
      'other',
    ]);
  });
});
