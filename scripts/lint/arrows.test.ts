import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOMS } from './rooms.mjs';

const root = resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** What the project's own lint settings say of a file that does not have to exist. */
async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId !== '@typescript-eslint/no-unused-vars')
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

beforeAll(() => complaints('shared/first.ts', ''), 60_000); // loads ESLint's plugins

const REFUSED = [expect.stringMatching(/^house\/arrows: /)];

interface Arrows {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** For each room a file in it, imports that its row of the table allows, and one for each arrow it lacks. */
const ARROWS: Record<string, Arrows> = {
  'fixture of the desk’s tests': {
    file: 'electron/desk-fixture.ts',
    allowed: ['./desk.ts', './sample.ts', '../shared/session.ts', 'node:fs'],
    refused: ['../renderer/store.ts', 'electron', 'react'],
  },
  'fixture of the tests that make sessions': {
    file: 'electron/winrm/new-session-fixture.ts',
    allowed: ['./client.ts', '../simulator/computer.ts', '../../shared/session.ts', 'node:fs'],
    refused: ['../fleet.ts', '../../renderer/store.ts', 'electron'],
  },
  shared: {
    file: 'shared/session.ts',
    allowed: ['./error.ts', 'zod'],
    refused: ['../electron/winrm/index.ts', '../renderer/store.ts', 'node:fs', 'electron', 'react', 'saxes'],
  },
  renderer: {
    file: 'renderer/components/grid.tsx',
    allowed: [
      '../store.ts',
      '../../shared/session.ts',
      'react',
      'react-dom/client',
      '@tanstack/react-virtual',
      './grid.css',
    ],
    refused: [
      '../../electron/fleet.ts',
      '../../electron/winrm/index.ts',
      'node:path',
      'electron',
      'zod',
      '../../e2e/app.ts',
    ],
  },
  'pure engine': {
    file: 'electron/winrm/psrp/fragment.ts',
    allowed: [
      './message.ts',
      '../wsman/shell.ts',
      '../auth/ntlm.ts',
      '../xml.ts',
      '../../../shared/session.ts',
    ],
    refused: [
      ...[
        '../transport/connection.ts',
        '../client.ts',
        '../index.ts',
        '../../fleet.ts',
        '../../simulator/computer.ts',
      ],
      ...['../../store/profiles.ts', '../../main.ts', '../../cli/pssm.ts', '../../../renderer/store.ts'],
      ...['electron', 'saxes', 'zod', 'node:net', 'node:fs', 'node:timers', 'node:process', 'fs'],
    ],
  },
  engine: {
    file: 'electron/winrm/transport/http.ts',
    allowed: ['node:https', '../wsman/shell.ts', '../client.ts', '../../../shared/computer.ts'],
    refused: [
      'electron',
      '../../fleet.ts',
      '../../simulator/fleet.ts',
      '../../main.ts',
      '../../cli/pssm.ts',
      'zod',
    ],
  },
  listener: {
    file: 'electron/simulator/listen.ts',
    allowed: ['node:https', 'selfsigned', './computer.ts', '../winrm/auth/ntlm.ts'],
    refused: ['../winrm/transport/connection.ts', '../winrm/index.ts', 'node:fs', 'electron', '../fleet.ts'],
  },
  simulator: {
    file: 'electron/simulator/computer.ts',
    allowed: ['./fault.ts', '../winrm/psrp/message.ts', '../winrm/xml.ts', '../../shared/session.ts'],
    refused: [
      '../winrm/index.ts',
      '../winrm/client.ts',
      '../winrm/transport/tls.ts',
      '../fleet.ts',
      'node:http',
      'electron',
    ],
  },
  fleet: {
    file: 'electron/store/profiles.ts',
    allowed: ['../winrm/index.ts', '../fleet.ts', '../../shared/computer.ts', 'node:fs', 'proper-lockfile'],
    refused: [
      'electron',
      '../winrm/client.ts',
      '../winrm/psrp/message.ts',
      '../simulator/fleet.ts',
      '../requests.ts',
      '../main.ts',
    ],
  },
  desk: {
    file: 'electron/desk.ts',
    allowed: [
      './fleet.ts',
      './requests.ts',
      './store/profiles.ts',
      './winrm/index.ts',
      '../shared/contract.ts',
    ],
    refused: [
      'electron',
      './window.ts',
      './main.ts',
      './sample.ts',
      './simulator/fleet.ts',
      './winrm/client.ts',
      'node:fs',
    ],
  },
  sample: {
    file: 'electron/sample.ts',
    allowed: ['./desk.ts', './fleet.ts', './simulator/fleet.ts', './winrm/index.ts', 'node:crypto'],
    refused: ['electron', './window.ts', './main.ts', './winrm/client.ts', './cli/pssm.ts', 'node:fs'],
  },
  preload: {
    file: 'electron/preload.ts',
    allowed: ['../shared/contract.ts', 'electron', 'electron/renderer'],
    refused: ['./fleet.ts', './requests.ts', './winrm/index.ts', './main.ts', 'node:fs', 'zod'],
  },
  window: {
    file: 'electron/window.ts',
    allowed: ['electron', 'node:path', '../shared/contract.ts'],
    refused: ['./fleet.ts', './store/profiles.ts', './winrm/index.ts', './main.ts', 'node:fs'],
  },
  ipc: {
    file: 'electron/ipc.ts',
    allowed: ['../shared/contract.ts'],
    refused: ['electron', './requests.ts', './winrm/index.ts', '../shared/computer.ts', 'zod', 'node:fs'],
  },
  requests: {
    file: 'electron/requests.ts',
    allowed: ['zod', '../shared/contract.ts', './winrm/index.ts'],
    refused: [
      'electron',
      './fleet.ts',
      './store/profiles.ts',
      './winrm/client.ts',
      './main.ts',
      'react',
      'node:fs',
    ],
  },
  cli: {
    file: 'electron/cli/pssm.ts',
    allowed: [
      '../winrm/index.ts',
      '../fleet.ts',
      '../store/profiles.ts',
      '../simulator/listen.ts',
      'node:fs',
      './table.ts',
    ],
    refused: [
      'electron',
      '../winrm/client.ts',
      '../winrm/wsman/shell.ts',
      '../requests.ts',
      '../window.ts',
      '../main.ts',
      'zod',
    ],
  },
  main: {
    file: 'electron/main.ts',
    allowed: [
      'electron',
      './fleet.ts',
      './winrm/index.ts',
      './simulator/fleet.ts',
      'node:fs',
      '../shared/contract.ts',
    ],
    refused: ['../renderer/store.ts', '../e2e/app.ts', '../scripts/build.mjs'],
  },
};

test('every room of the table is tried', () => {
  expect(Object.keys(ARROWS).sort()).toEqual(ROOMS.map(({ name }) => name).sort());
});

describe.each(Object.entries(ARROWS))('%s', (_room, { file, allowed, refused }) => {
  test.each(allowed)('may import %s', async (source) => {
    expect(await complaints(file, `import '${source}';`)).toEqual([]);
  });
  test.each(refused)('may not import %s', async (source) => {
    expect(await complaints(file, `import '${source}';`)).toEqual(REFUSED);
  });
});

test.each([
  ['a named import', `import { a } from '../client.ts';`],
  ['an import of types', `import type { A } from '../client.ts';`],
  ['a type written in place', `export const a: import('../client.ts').A = 1;`],
  ['a re-export', `export { a } from '../client.ts';`],
  ['a re-export of all', `export * from '../client.ts';`],
  ['a dynamic import', `await import('../client.ts');`],
  ['a dynamic import of a template', 'await import(`../client.ts`);'],
  ['a dynamic import of a variable', `const where = '../client.ts';\nawait import(where);`],
  ['a require', `require('../client.ts');`],
  ['an import equals', `import client = require('../client.ts');`],
  ['a detour', `import '../wsman/../client.ts';`],
  ['a path without extension', `import '../client';`],
])('%s is caught', async (_form, code) => {
  expect(await complaints('electron/winrm/psrp/fragment.ts', code)).toEqual(expect.arrayContaining(REFUSED));
});

describe('the pure engine', () => {
  const file = 'electron/winrm/auth/ntlm.ts';

  test.each([
    `import { createHash, createHmac } from 'node:crypto';\ncreateHash('md5');`,
    `import type { KeyObject } from 'node:crypto';`,
    `export const at = (now: number) => new Date(now);`,
  ])('may: %s', async (code) => {
    expect(await complaints(file, code)).toEqual([]);
  });

  test.each([
    `import { randomBytes } from 'node:crypto';`,
    `import { randomUUID as id } from 'node:crypto';`,
    `import { webcrypto } from 'node:crypto';`,
    `import * as crypto from 'node:crypto';`,
    `import crypto from 'node:crypto';`,
    `export { randomBytes } from 'node:crypto';`,
    `const { randomBytes } = await import('node:crypto');`,
    `export const id = () => crypto.randomUUID();`,
    `export const id = () => Math.random();`,
    `export const now = () => Date.now();`,
    `export const now = () => new Date();`,
    `export const now = () => Date();`,
    `export const now = () => performance.now();`,
    `setTimeout(() => {}, 1);`,
    `export const user = () => process.env['USER'];`,
    `export const get = () => fetch('/');`,
    `export const now = () => globalThis.Date;`,
  ])('may not: %s', async (code) => {
    expect(await complaints(file, code)).toHaveLength(1);
  });

  test('has no clock in the simulator either', async () => {
    expect(
      await complaints('electron/simulator/shell.ts', `export const now = () => Date.now();`),
    ).toHaveLength(1);
  });
});

test('a new file in electron/ has to be given a room', async () => {
  expect(await complaints('electron/new-thing.ts', '')).toEqual([
    expect.stringContaining('stands in no room'),
  ]);
});

test('a test may import what it tests with, and is imported by nobody', async () => {
  const code = `import '../simulator/computer.ts';`;
  expect(await complaints('electron/winrm/client.test.ts', code)).toEqual([]);
  expect(await complaints('electron/winrm/client.ts', `import './index.test.ts';`)).toEqual(REFUSED);
});

test.each([
  'shared/utils.ts',
  'renderer/helpers.tsx',
  'electron/winrm/types.ts',
  'shared/myThing.ts',
  'scripts/util.mjs',
])('no file is called %s', async (file) => {
  expect(await complaints(file, '')).toEqual([expect.stringMatching(/^house\/file-name: /)]);
});
