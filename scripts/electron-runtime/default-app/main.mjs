// Stands in for Electron's own default app: `electron [-r module]... [switches] <folder or file> [args]`.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron/main';

const { target, required } = parse(process.argv.slice(1));
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
const requireFromHere = createRequire(join(process.cwd(), 'here.js'));
for (const module of required) requireFromHere(module);

try {
  if (!target) throw new Error('usage: electron [-r module] <app folder or file> [args]');
  // Awaited, so that `ready` waits for the app's own code, as in the real default app.
  await import(pathToFileURL(adopt(resolve(target))).href);
} catch (error) {
  console.error('The app cannot be loaded:', error);
  process.exit(1);
}

/** Switches of Chromium stand anywhere; the first word that is none names the app. */
function parse(args) {
  const required = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '-r' || arg === '--require') required.push(args[++i]);
    else if (arg === '-v' || arg === '--version') print(`v${process.versions.electron}`);
    else if (arg === '-a' || arg === '--abi') print(process.versions.modules);
    else if (arg === '--') return { target: args[i + 1], required };
    else if (!arg.startsWith('-')) return { target: arg, required };
  }
  return { target: undefined, required };
}

function print(text) {
  console.log(text);
  process.exit(0);
}

/** Takes name, version and paths from the app's package.json; gives the file to load. */
function adopt(path) {
  if (!statSync(path).isDirectory() && !path.endsWith('.asar')) {
    app.setAppPath(dirname(path));
    return path;
  }
  const file = join(path, 'package.json');
  const { version, name, productName, desktopName, main } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : {};
  if (version) app.setVersion(version);
  if (productName ?? name) app.setName(productName ?? name);
  if (process.platform === 'linux') app.setDesktopName(desktopName ?? `${app.name}.desktop`);
  app.setAppPath(path);
  return createRequire(file).resolve(resolve(path, main ?? 'index.js'));
}
