import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { house } from './scripts/lint/arrows.mjs';
import { PURE_FILES } from './scripts/lint/rooms.mjs';

const TESTS = ['**/*.test.{ts,tsx}'];
const HANDED_IN = 'Handed in, so that the same input gives the same answer.';

/** Decided outside: this is what makes a test of the protocol a plain function call. */
const AMBIENT = [
  ...['fetch', 'WebSocket', 'performance', 'process', 'crypto', 'globalThis', 'queueMicrotask'],
  ...['setTimeout', 'setInterval', 'setImmediate'],
].map((name) => ({ name, message: HANDED_IN }));

const NAMED_EXPORTS = { selector: 'ExportDefaultDeclaration', message: 'Name every export.' };
const CLOCK = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: HANDED_IN },
  { selector: 'CallExpression[callee.name="Date"]', message: HANDED_IN },
];

const lines = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', 'test-results', '**/bin', '**/obj'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    languageOptions: { parser: tseslint.parser },
    plugins: { house, '@typescript-eslint': tseslint.plugin },
    rules: {
      'house/file-name': 'error',
      'max-lines': lines(300),
      'max-lines-per-function': lines(60),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', NAMED_EXPORTS],
      'no-console': 'error',
    },
  },
  { files: [...TESTS, 'e2e/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['renderer/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules, 'max-lines-per-function': lines(90) },
  },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['{shared,electron,renderer}/**'], ignores: TESTS, rules: { 'house/arrows': 'error' } },
  {
    files: PURE_FILES,
    ignores: [...TESTS, 'electron/simulator/listen.ts'],
    rules: {
      'no-restricted-globals': ['error', ...AMBIENT],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: HANDED_IN },
        { object: 'Math', property: 'random', message: HANDED_IN },
      ],
      'no-restricted-syntax': ['error', NAMED_EXPORTS, ...CLOCK],
    },
  },
);
