import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, readPackage, root } from '../setup/project.mjs';
import { SetupError } from '../setup/run-command.mjs';
import { FALLBACK, buildFallback } from './fallback.mjs';

/**
 * The Electron that runs the app here lies where the `electron` package looks for it:
 * node_modules/electron/dist, with the executable's name in path.txt. So npx, Playwright, electron-vite and
 * electron-builder all find it without environment variables.
 */
const folder = join(root, 'node_modules/electron');
const dist = join(folder, 'dist');
const pathFile = join(folder, 'path.txt');

/** Long enough for 120 MB over a slow line, short enough not to look hung where it is blocked. */
const DOWNLOAD_LIMIT_MS = 240_000;

/** What came of the last try, per user and not per clone, so that no start tries in vain again. */
const memoryFile = () => join(cacheFolder(), 'electron-runtime.json');

/** @returns the runtime in place, or undefined: its version, executable, and whether it is the pinned one. */
export function readRuntime() {
  const wanted = readPackage().devDependencies.electron;
  const version = readText(join(dist, 'version'))?.replace(/^v/, '');
  const executable = join(dist, readText(pathFile) ?? 'electron');
  if (!version || !existsSync(pathFile) || !existsSync(executable)) return undefined;
  return { version, wanted, executable, official: version === wanted };
}

/**
 * Puts an Electron runtime in place: the official release that package.json pins or, where its download is
 * blocked, an older one that serves development and tests only. What worked is remembered; the download is
 * tried again when the pin changes or with `retry`.
 */
export async function ensureRuntime({ retry = false } = {}) {
  const wanted = readPackage().devDependencies.electron;
  const remembered = readMemory();
  const blocked = !retry && remembered?.wanted === wanted && remembered.origin === 'fallback';
  const present = readRuntime();
  if (present?.official || (present && blocked)) return present;

  rmSync(dist, { recursive: true, force: true });
  rmSync(pathFile, { force: true });
  if (!blocked && downloadOfficial(wanted)) remember({ wanted, version: wanted, origin: 'official' });
  else {
    await linkFallback(wanted);
    remember({ wanted, version: FALLBACK.electron, origin: 'fallback' });
  }
  const runtime = readRuntime();
  if (!runtime) throw new SetupError('The Electron runtime was installed, but its executable is not there.');
  console.log(describeRuntime(runtime));
  return runtime;
}

/** One paragraph for the terminal: which Electron runs, and what that means when it is not the pinned one. */
export function describeRuntime({ version, wanted, official }) {
  if (official) return `Electron ${version} (official release) is in place.`;
  return [
    `!! Electron ${version} is in use instead of ${wanted}: the official download could not be reached.`,
    '!! It is an older runtime, for development and tests only, and is never packaged for users.',
    '!! To try the official download again: npm run electron:get -- --retry',
  ].join('\n');
}

/** The `electron` package's own installer: checks the release's checksums and keeps the archive in a cache. */
function downloadOfficial(wanted) {
  console.log(`Getting Electron ${wanted} …`);
  const env = { ...process.env };
  delete env.ELECTRON_SKIP_BINARY_DOWNLOAD;
  const result = spawnSync(process.execPath, [join(folder, 'install.js')], {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    timeout: DOWNLOAD_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (result.status === 0 && readRuntime()?.official) return true;
  const reason =
    result.error?.message ?? result.stderr?.trim().split('\n')[0] ?? `exit code ${result.status}`;
  console.log(`The official download of Electron ${wanted} failed: ${reason}`);
  rmSync(dist, { recursive: true, force: true });
  return false;
}

async function linkFallback(wanted) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError(
      `Electron ${wanted} could not be downloaded, and there is no other runtime for ${process.platform}-${process.arch}. ` +
        'Allow the download (or set ELECTRON_MIRROR to a mirror that you may reach), then run this again.',
    );
  const cached = join(cacheFolder(), `electron-${FALLBACK.electron}-linux-x64-r${FALLBACK.revision}`);
  if (!existsSync(join(cached, 'version'))) await buildFallback(cached);
  symlinkSync(cached, dist);
  writeFileSync(pathFile, 'electron');
}

function readMemory() {
  const text = readText(memoryFile());
  try {
    return text && JSON.parse(text);
  } catch {
    return undefined; // half-written: as good as never tried
  }
}

function remember(result) {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(memoryFile(), `${JSON.stringify(result)}\n`);
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
