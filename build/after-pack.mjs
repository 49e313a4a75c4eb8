import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** An unpacked electronDist is copied whole: drops what a packaged app must not carry. */
export default async function afterPack({ appOutDir, packager }) {
  await rm(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true });
  await rm(join(appOutDir, 'version'), { force: true });
}
