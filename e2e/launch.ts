import { _electron as electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

export interface LaunchOptions {
  readonly args?: readonly string[];
  /** Where the app keeps its files; a new folder by default. */
  readonly userData?: string;
  /** Of another runtime, or of a wrapper around it. */
  readonly executablePath?: string;
  readonly sandbox?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The app, running, with its first window. */
export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** Errors of the page: what it threw and what its policy refused. */
  readonly errors: readonly string[];
}

/** Where the system has no face of its own for user interfaces, Inter stands in when it is there. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${['system-ui', 'sans', 'sans-serif', 'Sans'].map((name) => `<alias binding="strong"><family>${name}</family><prefer><family>Inter</family></prefer></alias>`).join('')}
</fontconfig>`;

let said = false;

/** Starts the built app as a person would. As root, Chromium's sandbox cannot be had: then it is off, and that is said. */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const { args = [], sandbox = process.getuid?.() !== 0, executablePath, env = {} } = options;
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const fonts = join(mkdtempSync(join(tmpdir(), 'pssm-fonts-')), 'fonts.conf');
  writeFileSync(fonts, FONTS);
  if (!sandbox && !said) {
    said = true;
    process.stdout.write('Running as root: the window is started with --no-sandbox.\n');
  }
  const app = await electron.launch({
    cwd: ROOT,
    args: ['.', `--user-data-dir=${userData}`, ...args],
    chromiumSandbox: sandbox,
    env: { ...(process.env as Record<string, string>), FONTCONFIG_FILE: fonts, ...env },
    ...(executablePath && { executablePath }),
  });
  const page = await app.firstWindow();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { app, page, userData, errors };
}
