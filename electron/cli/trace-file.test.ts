import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

const ACCOUNT = { username: 'alice', password: 'Planted-7311', owner: 'LAB\\alice', isAdministrator: true };
let listener: SimulatorListener;
let port: number;
let folder: string;

beforeEach(async () => {
  listener = new SimulatorListener({ accounts: [ACCOUNT] });
  const [computer] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
  ({ port } = await listener.open(computer!, { address: '127.0.0.1', port: 0 }));
  folder = mkdtempSync(join(tmpdir(), 'pssm-trace-'));
});
afterEach(() => listener.close());

async function pssm(cmdlet: string, ...more: readonly string[]) {
  const readPasswordLine = () => Promise.resolve(ACCOUNT.password);
  const { io, err } = recordingIO(folder, { readPasswordLine });
  const where = ['127.0.0.1', '-Port', `${port}`, '-Credential', 'alice', '--password-stdin'];
  return { code: await run([cmdlet, ...where, ...more], io), err: err() };
}

test.each([
  ['Get-PSSession', 'Enumerate'],
  ['Test-WSMan', 'Identify'],
])('%s writes what travelled to a new file of the owner alone', async (cmdlet, action) => {
  const file = join(folder, 'trace.txt');
  expect(await pssm(cmdlet, '--trace', file)).toEqual({ code: 0, err: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/wsman\\n`));
  expect(text).toContain(`SOAP > ${action}, `);
  expect(text).toContain('authorization: Negotiate');
  expect(text).not.toMatch(/Planted|alice|[A-Za-z\d+/]{40}/);
});

test('a file that is there is not written over, and nothing is sent', async () => {
  const file = join(folder, 'trace.txt');
  writeFileSync(file, 'mine');
  const { code, err } = await pssm('Get-PSSession', '--trace', file);
  expect(code).toBe(2);
  expect(err).toContain('it exists already. Nothing was sent.');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(listener.counts.connections).toBe(0);
});
