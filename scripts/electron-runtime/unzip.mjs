import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/**
 * Unpacks the files of a zip archive whose name `keepName` maps to a relative path; the rest is left out.
 *
 * @throws when an entry would land outside `target`.
 */
export async function unzip(archive, target, keepName) {
  const { default: yauzl } = await import('yauzl'); // here, so that start.mjs loads before anything is installed
  const zip = await promisify(yauzl.open)(archive, { lazyEntries: true, autoClose: false });
  const open = promisify(zip.openReadStream.bind(zip));
  const extract = async (entry) => {
    const name = keepName(entry.fileName);
    if (!name || name.endsWith('/')) return;
    const file = resolve(target, name);
    if (!file.startsWith(target + sep))
      throw new Error(`The archive reaches outside its folder: ${entry.fileName}`);
    mkdirSync(dirname(file), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
    await pipeline(await open(entry), createWriteStream(file, { mode }));
  };
  try {
    await new Promise((done, fail) => {
      zip.on('error', fail).on('end', done);
      zip.on('entry', (entry) => extract(entry).then(() => zip.readEntry(), fail));
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
}
