import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const SEE = 'The import arrows stand in docs/architecture.md.';

/** Who may import whom: each room names what it must not reach; everything else follows. */
const layer = (files, forbidden, globals = []) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message: SEE }] }],
    'no-restricted-globals': ['error', ...globals],
  },
});

/** Decided outside, handed in: this is what makes a test of the protocol a plain function call. */
const AMBIENT = ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'process', 'crypto', 'WebSocket'];

/** A path whose folder or file is one of these, wherever it is imported from. */
const room = (...names) => `/(?:${names.join('|')})(?:/|\\.ts$|$)`;
const APP = room('fleet', 'throttle', 'coalesce', 'store', 'ipc', 'window', 'preload', 'main', 'cli', 'renderer', 'e2e', 'scripts');
const PACKAGE = '^(?![./]|node:)';

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', 'test-results', '**/bin', '**/obj'] },
  { files: ['**/*.{ts,tsx,mjs,js}'], languageOptions: { parser: tseslint.parser } },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name every export.' }],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/*.test.{ts,tsx}', 'e2e/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['renderer/**'], plugins: { 'react-hooks': reactHooks }, rules: { ...reactHooks.configs.recommended.rules, 'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }] } },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  layer(['shared/**'], '^(?!\\./[^/]+$|zod$)'),
  layer(['renderer/**'], `^node:|^electron$|/electron/|${room('e2e', 'scripts')}`),
  layer(['electron/winrm/**'], `^electron$|${APP}|${room('simulator')}`),
  layer(
    ['electron/winrm/{wsman,psrp,auth}/**', 'electron/winrm/{exchange,xml,error,sessions}.ts'],
    `^node:(?!crypto$)|^(?!saxes$)[a-z@](?!ode:)|^electron$|${room('transport', 'client', 'index', 'simulator')}|${APP}`,
    AMBIENT,
  ),
  layer(
    ['electron/simulator/**'],
    `^electron$|${room('transport', 'client', 'index')}|${room('fleet(?=\\.ts$)(?<=winrm/fleet)', 'throttle', 'store', 'ipc', 'window', 'main', 'cli', 'renderer')}|^node:|${PACKAGE}`,
    AMBIENT,
  ),
  layer(['electron/{fleet,throttle,coalesce}.ts', 'electron/store/**'], `^electron$|${room('ipc', 'window', 'preload', 'main', 'cli', 'simulator', 'renderer')}|/winrm/(?!index\\.ts$)`),
  layer(['electron/{ipc,window,preload,password-window}.ts'], `^node:(?!path$|url$)|/winrm/(?!index\\.ts$|error\\.ts$)|${room('simulator', 'cli', 'main', 'renderer')}`),
  layer(['electron/cli/**'], `^electron$|${room('ipc', 'window', 'preload', 'main', 'renderer')}|/winrm/(?!index\\.ts$)`),
);
