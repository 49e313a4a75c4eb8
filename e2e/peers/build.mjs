// Builds the C# peers from a copy in the user's cache, keyed by the sources: never inside the tree.
//   node e2e/peers/build.mjs [NAME…]   prints {"NAME":{"program":…}|{"missing":why},…}; exit 0 either way
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOURCES = join(import.meta.dirname, 'powershell');
const SDK = 10;
const BUILD_LIMIT_MS = 10 * 60_000;
/** A build that failed is not tried again for so long: each test file would wait for it anew. */
const FAILURE_HOLDS_MS = 5 * 60_000;

export const PEERS = ['wsman-server', 'client', 'clixml-oracle'];
const ASSEMBLIES = { client: 'powershell-client' };

/** @returns {Promise<{program: string} | {missing: string}>} the .dll to run by dotnet, or one line why there is none. */
export async function buildPeer(name) {
  const why = await obstacle(name);
  if (why) return { missing: why };
  const home = join(cacheFolder(), `peers-${hashOf(SOURCES)}`);
  const program = join(home, name, 'bin/Release/net10.0', `${ASSEMBLIES[name] ?? name}.dll`);
  const built = join(home, `${name}.built`);
  const failed = join(home, `${name}.failed`);
  if (existsSync(built) && existsSync(program)) return { program };
  mkdirSync(home, { recursive: true });
  const release = await lock(join(home, 'lock'));
  try {
    if (existsSync(built) && existsSync(program)) return { program };
    if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < FAILURE_HOLDS_MS)
      return { missing: readFileSync(failed, 'utf8') };
    cpSync(SOURCES, home, { recursive: true, filter: (path) => !/[\\/](bin|obj)$/.test(path) });
    try {
      await run(
        'dotnet',
        ['build', '-c', 'Release', '-v', 'q', '-m:1', '-nodeReuse:false', '-p:UseSharedCompilation=false'],
        {
          cwd: join(home, name),
          env: { ...process.env, DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1' },
          timeout: BUILD_LIMIT_MS,
          maxBuffer: 64 << 20,
        },
      );
    } catch (error) {
      const line = firstError(`${error.stdout ?? ''}\n${error.stderr ?? ''}`) ?? error.message.split('\n')[0];
      writeFileSync(failed, `the ${name} peer could not be built: ${line}`);
      return { missing: readFileSync(failed, 'utf8') };
    }
    writeFileSync(built, '');
    return { program };
  } finally {
    release();
  }
}

/** What this machine lacks, in a line, before anything is tried. */
async function obstacle(name) {
  const version = await run('dotnet', ['--version'], { cwd: SOURCES, timeout: 60_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  if (!version) return `the .NET SDK ${SDK} is not on PATH`;
  if (Number.parseInt(version, 10) < SDK) return `the .NET SDK is ${version}, and ${SDK} is needed`;
  if (name !== 'client') return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'PowerShell as client runs on 64-bit x86 Linux only';
  const compiler = await run('cc', ['--version'], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
  return compiler ? undefined : 'no C compiler (cc) is on PATH';
}

function cacheFolder() {
  const { platform, env } = process;
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), 'pssession-manager');
  if (platform === 'darwin') return join(homedir(), 'Library/Caches/pssession-manager');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pssession-manager');
}

function hashOf(folder) {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[\\/](bin|obj)([\\/]|$)/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(name.slice(folder.length)).update('\0').update(readFileSync(name));
  return hash.digest('hex').slice(0, 16);
}

/** One builder at a time: test files run side by side. A holder that died leaves its lock, so its process is looked for. */
async function lock(file) {
  for (const end = Date.now() + BUILD_LIMIT_MS; ; await delay(200)) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST' || Date.now() > end) throw error;
      if (!isAlive(file)) rmSync(file, { force: true });
    }
  }
}

function isAlive(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid === 0) return true; // just being written
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

const firstError = (output) =>
  /error [A-Z]+\d+:.*/
    .exec(output)?.[0]
    .replace(/\s*\[[^\]]*\]\s*$/, '')
    .slice(0, 300);

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !PEERS.includes(name));
  if (unknown) throw new Error(`There is no peer ${unknown}: ${PEERS.join(', ')}`);
  const places = {};
  for (const name of asked.length > 0 ? asked : PEERS) places[name] = await buildPeer(name);
  console.log(JSON.stringify(places, undefined, 2));
}
