/**
 * Who may import whom: the table of docs/architecture.md as data. A file belongs to the first room that
 * covers it. `files` and `may` name a folder (with / at its end) or a file; `node` and `packages` are lists,
 * or ANY. `names` narrows what may be taken from a module.
 */
export const ANY = 'any';

/** No sockets, clock or randomness: these are handed in, so that a test is a plain function call. */
const PURE_ENGINE = [
  ...['electron/winrm/wsman/', 'electron/winrm/psrp/', 'electron/winrm/auth/', 'electron/winrm/revocation/'],
  ...['electron/winrm/exchange.ts', 'electron/winrm/error.ts', 'electron/winrm/gathered-bytes.ts'],
  ...['electron/winrm/xml.ts', 'electron/winrm/parse-xml.ts', 'electron/winrm/diagnose/probe.ts'],
];

/** The part of node:crypto that gives the same answer to the same question. */
const HASHES_AND_CIPHERS = [
  ...['createHash', 'createHmac', 'createCipheriv', 'createDecipheriv', 'timingSafeEqual', 'constants'],
  ...[
    'createPrivateKey',
    'pbkdf2',
    'scrypt',
    'createPublicKey',
    'privateDecrypt',
    'publicEncrypt',
    'KeyObject',
    'X509Certificate',
    'verify',
  ],
];

/** What is known of every computer, what is asked and done, and when. */
const FLEET = [
  ...[
    ...[
      'fleet',
      'fleet-deps',
      'fleet-fixture',
      'questions',
      'said-gone',
      'session-acts',
      'asked-after',
      'asked-act',
      'asked-commands',
      'bulk-acts',
      'bulk-run',
      'bulk-acts-fixture',
      'slow-acts',
      'used',
      'spared',
      'while-closing',
      'asked-alike',
      'heard-statuses',
      'known-sessions',
      'known-commands',
    ],
    ...[
      'held-sessions',
      'held-entry',
      'listening',
      'kept-lines',
      'kept-clients',
      'login-guard',
      'login-guard-fixture',
      'login-tally',
      'not-asked',
      'sweep-progress',
      'audit',
    ],
    ...['auto-refresh', 'when-free', 'turns', 'timer', 'hand-timer-fixture', 'coalesce'],
  ].map((name) => `electron/${name}.ts`),
  'electron/store/',
];
const DESK = [
  ...[
    'electron/desk.ts',
    'electron/desk-deps.ts',
    'electron/own-fleet.ts',
    'electron/looked-after.ts',
    'electron/diagnosed.ts',
    'electron/shown-by-computers.ts',
    'electron/page-talk.ts',
  ],
  'electron/sample-fleet.ts',
  ...['electron/live-profile.ts', 'electron/on-top-of.ts', 'electron/profile-rules.ts'],
  'electron/computers-to-add.ts',
  ...['electron/diagnoses.ts', 'electron/traces.ts'],
  ...[
    'electron/sign-ins.ts',
    'electron/open-question.ts',
    'electron/certificate-sign-ins.ts',
    'electron/named-credentials.ts',
    'electron/app-settings.ts',
  ],
];
const WINDOW = [
  ...['electron/window.ts', 'electron/password-window.ts'],
  ...['electron/window-place.ts', 'electron/menu-template.ts'],
  ...['electron/revive-page.ts', 'electron/revival-limit.ts'],
];
const ENGINE_FACE = 'electron/winrm/index.ts';

export const ROOMS = [
  {
    name: 'fixture of the desk’s tests',
    files: ['electron/desk-fixture.ts'],
    may: ['electron/', 'shared/'],
    node: ANY,
  },
  {
    name: 'fixture of the tests that make sessions',
    files: ['electron/winrm/new-session-fixture.ts'],
    may: ['electron/winrm/', 'electron/simulator/', 'shared/'],
    node: ANY,
  },
  { name: 'shared', files: ['shared/'], may: ['shared/'], packages: ['zod'], pure: true },
  {
    name: 'renderer',
    files: ['renderer/'],
    may: ['renderer/', 'shared/'],
    packages: [
      ...['react', 'react-dom', 'zustand', 'react-aria-components', 'lucide-react'],
      '@tanstack/react-virtual',
    ],
  },
  {
    name: 'pure engine',
    files: PURE_ENGINE,
    may: [...PURE_ENGINE, 'shared/'],
    node: ['node:crypto'],
    names: { 'node:crypto': HASHES_AND_CIPHERS },
    pure: true,
  },
  {
    name: 'engine',
    files: ['electron/winrm/'],
    may: ['electron/winrm/', 'shared/'],
    node: ANY,
  },
  {
    name: 'listener',
    files: ['electron/simulator/listen.ts'],
    may: ['electron/simulator/', ...PURE_ENGINE, 'shared/'],
    node: ['node:http', 'node:https', 'node:net', 'node:tls', 'node:crypto'],
    packages: ['selfsigned'],
  },
  {
    name: 'simulator',
    files: ['electron/simulator/'],
    may: ['electron/simulator/', ...PURE_ENGINE, 'shared/'],
    pure: true,
  },
  {
    name: 'fleet',
    files: FLEET,
    may: [...FLEET, ENGINE_FACE, 'shared/'],
    node: ANY,
    packages: ['zod', 'proper-lockfile'],
  },
  {
    name: 'desk',
    files: DESK,
    may: [...DESK, ...FLEET, 'electron/requests.ts', ENGINE_FACE, 'shared/'],
    node: ['node:util'],
  },
  {
    name: 'sample',
    files: ['electron/sample.ts'],
    may: [...FLEET, ...DESK, 'electron/simulator/', ENGINE_FACE, 'shared/'],
    node: ['node:crypto', 'node:timers/promises'],
  },
  {
    name: 'preload',
    files: ['electron/preload.ts', 'electron/password-preload.ts'],
    may: ['shared/'],
    packages: ['electron'],
  },
  {
    name: 'window',
    files: WINDOW,
    may: [...WINDOW, 'shared/'],
    node: ['node:path', 'node:fs/promises'],
    packages: ['electron'],
  },
  {
    name: 'ipc', // read before the page is on its way, so next to nothing
    files: ['electron/ipc.ts'],
    may: ['shared/contract.ts', 'shared/contract-names.ts'],
  },
  {
    name: 'requests',
    files: ['electron/requests.ts'],
    may: [ENGINE_FACE, 'shared/'],
    packages: ['zod'],
  },
  {
    name: 'cli',
    files: ['electron/cli/'],
    may: ['electron/cli/', ENGINE_FACE, ...FLEET, 'electron/simulator/', 'shared/', 'package.json'],
    node: ANY,
    packages: ['get-east-asian-width'],
  },
  {
    name: 'main',
    files: [
      ...['electron/main.ts', 'electron/open-desk.ts', 'electron/leaving.ts', 'electron/second-start.ts'],
      'electron/send-in-pieces.ts',
    ],
    may: ['electron/', 'shared/', 'package.json'],
    node: ANY,
    packages: ANY,
  },
];

/** Whether a path from the project's root is one of the entries' files or lies in one of their folders. */
export const covers = (entries, path) =>
  entries.some((entry) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry));

/** The room that a file stands in, or undefined. */
export const roomOf = (path) => ROOMS.find(({ files }) => covers(files, path));

/** The files of the rooms that get no clock, randomness, sockets or timers, as globs. */
export const PURE_FILES = ROOMS.filter(({ pure }) => pure).flatMap(({ files }) =>
  files.map((entry) => (entry.endsWith('/') ? `${entry}**` : entry)),
);
