#!/usr/bin/env node
// Stands in for `fpm -s dir -t deb …` as electron-builder calls it (CUSTOM_FPM_PATH), on top of dpkg-deb: so
// that a .deb is made without downloading another tool.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FLAGS = new Set(['force', 'debug']);
const LISTS = new Set(['d', 'deb-recommends']);
const SCRIPTS = { 'after-install': 'postinst', 'after-remove': 'postrm' };

const { options, mappings } = parse(process.argv.slice(2));
if (options.t !== 'deb') throw new Error('fpm-deb makes .deb packages only');
const stage = mkdtempSync(join(tmpdir(), 'fpm-deb-'));
try {
  for (const [from, to] of mappings) place(from, join(stage, to));
  describe();
  const compression = `-Z${options['deb-compression'] ?? 'xz'}`;
  const args = ['--root-owner-group', compression, '--build', stage, options.package];
  execFileSync('dpkg-deb', args, { stdio: 'inherit' });
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** `--name value`, `--name=value`, `-x value`; the rest are `from=to` mappings. */
function parse(args) {
  const options = { d: [], 'deb-recommends': [] };
  const mappings = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(args[i]) ?? [];
    if (!name) mappings.push(args[i].split('='));
    else if (!FLAGS.has(name)) {
      const value = inline ?? args[++i];
      if (LISTS.has(name)) options[name].push(value);
      else options[name] = value;
    }
  }
  return { options, mappings };
}

/** A folder's links stay links; a single file is readable by all. */
function place(from, to) {
  if (from.endsWith('/')) return cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

function describe() {
  const installedSize = execFileSync('du', ['-sk', stage], { encoding: 'utf8' }).split('\t')[0];
  const [synopsis, ...description] = options.description.split('\n').flatMap((line) => line.trim() || []);
  const control = {
    Package: options.name,
    Version: options.version,
    Architecture: options.architecture,
    Maintainer: options.maintainer,
    Section: options.category,
    Priority: options['deb-priority'] ?? 'optional',
    Homepage: options.url,
    'Installed-Size': installedSize,
    Depends: options.d.join(', '),
    Recommends: options['deb-recommends'].join(', '),
    Description: [synopsis, ...description.map((line) => ` ${line}`)].join('\n'),
  };
  const folder = join(stage, 'DEBIAN');
  mkdirSync(folder);
  const lines = Object.entries(control).filter(([, value]) => value);
  writeFileSync(join(folder, 'control'), lines.map(([name, value]) => `${name}: ${value}\n`).join(''));
  for (const [option, script] of Object.entries(SCRIPTS)) {
    if (!options[option]) continue;
    copyFileSync(options[option], join(folder, script));
    chmodSync(join(folder, script), 0o755);
  }
  chmodSync(stage, 0o755);
}
