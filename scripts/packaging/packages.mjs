import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPackage, root } from '../setup/project.mjs';
import { capture, findCommand, SetupError } from '../setup/run-command.mjs';
import { assertFuses } from './fuses.mjs';

/** What is made where nothing else is asked for. */
const DEFAULT_TARGETS = {
  linux: ['dir', 'tar.gz', 'deb'],
  win32: ['nsis', 'portable'],
  darwin: ['dmg', 'zip'],
};

/**
 * Packages what is built with the runtime that is in place, then reads the fuses back from the result.
 * For tests the packages carry that in their name and lie in a folder of their own.
 *
 * @returns the packages' paths.
 */
export async function makePackages({ version, forTests, targets }) {
  const { build, Platform } = await import('electron-builder');
  const output = forTests ? 'dist/for-tests' : 'dist';
  const wanted = targets.length > 0 ? targets : DEFAULT_TARGETS[process.platform];
  const builderTargets = wanted.filter((target) => target !== 'tar.gz');
  // dpkg-deb is enough for a .deb; electron-builder would download another tool for it.
  if (findCommand('dpkg-deb')) process.env.CUSTOM_FPM_PATH ??= join(root, 'build/fpm-deb.mjs');
  const files = await build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget(builderTargets.length > 0 ? builderTargets : ['dir']),
    config: {
      extends: join(root, 'build/electron-builder.yml'),
      electronVersion: version,
      directories: { output },
      ...(forTests && forTestsOnly),
    },
  });
  const unpacked = unpackedFolder(join(root, output));
  const fuses = await assertFuses(unpacked, { inspect: forTests });
  console.log(
    `Fuses read back: ${Object.entries(fuses)
      .map(([name, on]) => `${name} ${on ? 'on' : 'off'}`)
      .join(', ')}.`,
  );
  return wanted.includes('tar.gz') ? [...files, archive(unpacked, join(root, output), forTests)] : files;
}

/** Playwright drives Electron through --inspect, which a release refuses. */
const forTestsOnly = {
  artifactName: '${name}-${version}-for-tests-${os}-${arch}.${ext}',
  electronFuses: { enableNodeCliInspectArguments: true },
};

const unpackedFolder = (output) =>
  ['linux-unpacked', 'win-unpacked', 'mac', 'mac-arm64', `linux-${process.arch}-unpacked`]
    .map((name) => join(output, name))
    .find(existsSync);

/** By the system's tar: electron-builder would download 7-Zip for it. */
function archive(unpacked, output, forTests) {
  const { name, version } = readPackage();
  const title = `${name}-${version}${forTests ? '-for-tests' : ''}-linux-${process.arch}`;
  const file = join(output, `${title}.tar.gz`);
  const rename = `s,^\\.,${title},`;
  const { code, output: said } = capture('tar', ['-czf', file, '-C', unpacked, '--transform', rename, '.']);
  if (code !== 0) throw new SetupError(`tar failed: ${said.trim()}`);
  return file;
}
