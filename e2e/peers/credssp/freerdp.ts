import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, listens } from '../port.ts';
import { startPeerProcess, untilStdinCloses } from '../process.ts';

const SERVER = '/usr/bin/freerdp-shadow-cli';
const HASH = '/usr/bin/winpr-hash';
const DISPLAY = '/usr/bin/Xvfb';

export interface FreeRdp {
  readonly port: number;
  /** What it wrote about itself so far. */
  log(): string;
  stop(): Promise<void>;
}

/** One line why FreeRDP's server cannot run here; undefined where it can. */
export const missingFreeRdp = (): string | undefined =>
  [SERVER, HASH, DISPLAY].every((file) => existsSync(file))
    ? undefined
    : 'FreeRDP’s server is missing (apt-get install freerdp2-shadow-x11 winpr-utils xvfb)';

/** FreeRDP's server, which takes CredSSP with NTLM inside, from one account. */
export async function startFreeRdp(account: { username: string; password: string }): Promise<FreeRdp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'freerdp-'));
  const sam = execFileSync(HASH, ['-u', account.username, '-p', account.password, '-f', 'sam']);
  writeFileSync(`${folder}/sam`, sam, { mode: 0o600 });
  const port = await freePort();
  // FreeRDP opens the display twice: in between nobody holds it, and an X server that resets itself then may refuse.
  const display = await startPeerProcess(
    ...untilStdinCloses([DISPLAY, '-displayfd', '1', '-noreset', '-screen', '0', '800x600x24']),
    { awaitReady: true },
  );
  const child = await startPeerProcess(
    ...untilStdinCloses([
      ...['/bin/sh', '-c', 'exec "$@" > "$0" 2>&1', `${folder}/log`],
      ...['env', `HOME=${folder}`, `DISPLAY=:${display.ready}`],
      ...[SERVER, `/port:${port}`, '/bind-address:127.0.0.1', '/sec:nla', `/sam-file:${folder}/sam`, '+auth'],
    ]),
    { awaitReady: false },
  );
  const stop = async () => {
    await child.stop();
    await display.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const log = () => readFileSync(`${folder}/log`, 'utf8');
  if (await listens(port)) return { port, log, stop };
  await stop();
  throw new Error('FreeRDP’s server did not start.');
}
