import { existsSync } from 'node:fs';
import { isRoot } from './project.mjs';
import { capture, findCommand } from './run-command.mjs';

/** Debian packages that Electron needs to open a window, on a virtual display where there is no other. */
export const WINDOW_PACKAGES = [
  ...['xvfb', 'xauth', 'libnss3', 'libatk1.0-0', 'libatk-bridge2.0-0'],
  ...['libcups2', 'libgtk-3-0', 'libgbm1', 'libasound2', 'libxss1'],
];

/** Debian packages of the independent peers that the conformance tests talk to. */
export const PEER_PACKAGES = [
  ...['python3', 'python3-gssapi', 'python3-yaml', 'gss-ntlmssp'],
  ...['krb5-user', 'krb5-kdc', 'krb5-admin-server', 'libfaketime', 'gcc', 'dbus', 'gnome-keyring'],
  ...['apache2-bin', 'lighttpd', 'python3-httpbin', 'freerdp2-shadow-x11', 'winpr-utils'],
  ...['squid', 'tinyproxy'],
];

const INSTALL = ['install', '--no-install-recommends'];
const APT_LIMIT_MS = 600_000;

/** What a person types to install packages. */
export const installCommand = (names) => `sudo apt-get ${INSTALL.join(' ')} ${names.join(' ')}`;

/**
 * Installs the missing Debian packages when we may (root, apt-get); otherwise tells which are missing.
 *
 * @returns what stays missing; empty where packages are not Debian's, since nothing can be told there.
 */
export function ensureSystemPackages() {
  if (!existsSync('/etc/debian_version') || !findCommand('apt-get')) return [];
  const missing = missingPackages();
  if (missing.length === 0) return [];
  if (!isRoot()) {
    console.log(`Missing system packages: ${missing.join(' ')}`);
    console.log(`What needs them is skipped. To install them: ${installCommand(missing)}`);
    return missing;
  }
  console.log(`Installing system packages: ${missing.join(' ')} …`);
  const failure = install(missing);
  if (failure) console.log(`apt-get failed, so what needs these packages is skipped:\n${failure}`);
  return missingPackages();
}

function missingPackages() {
  const names = [...WINDOW_PACKAGES, ...PEER_PACKAGES];
  const { stdout } = capture('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status}\n',
    ...names.flatMap(spellings),
  ]);
  const installed = new Set(stdout.split('\n').map((line) => /^(\S+) installed$/.exec(line)?.[1]));
  return names.filter((name) => !spellings(name).some((spelling) => installed.has(spelling)));
}

/** Since their 64-bit time_t, Debian 13 and Ubuntu 24.04 spell some libraries with t64 at the end. */
const spellings = (name) => [`${name}t64`, name];

function install(names) {
  const apt = (...args) =>
    capture('apt-get', ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: APT_LIMIT_MS,
    });
  const known = (name) => /Candidate: [^(]/.test(capture('apt-cache', ['policy', name]).stdout);
  const attempt = () => apt(...INSTALL, ...names.map((name) => spellings(name).find(known) ?? name));
  if (attempt().code === 0) return undefined;
  apt('update'); // a fresh image has no package lists
  const { code, output } = attempt();
  return code === 0 ? undefined : output.trim().split('\n').slice(-5).join('\n');
}
