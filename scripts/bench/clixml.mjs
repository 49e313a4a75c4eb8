import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildPeer } from '../../e2e/peers/build.mjs';
import { findCommand } from '../setup/run-command.mjs';
import { measure, program } from './measure.mjs';
import { skipped, times } from './table.mjs';

const OBJECTS = join(import.meta.dirname, '../../../shared/bench/objects.clixml');
const WHAT = 'CLIXML read, 10,000 objects';
const SECONDS = '6';

/** Both readers on the same core, one after the other: PowerShell's runtime would give its garbage another one. */
export async function clixmlRow() {
  if (!existsSync(OBJECTS)) return skipped(WHAT, 'the common data for benchmarks is not here');
  const pin = findCommand('taskset') ? ['taskset', '-c', '0'] : [];
  const pinned = async (command, args) => {
    const [first, ...rest] = [...pin, command, ...args];
    return (await measure(first, rest)).objectsPerSecond;
  };
  const ours = await pinned(...program('clixml-reader.ts', OBJECTS, SECONDS));
  const peer = await buildPeer('clixml-oracle');
  if (peer.missing)
    return { ...skipped(WHAT, `real PowerShell is not here: ${peer.missing}`), ours: perSecond(ours) };
  const theirs = await pinned('dotnet', [peer.program, 'bench', OBJECTS, SECONDS]);
  return {
    what: WHAT,
    ours: perSecond(ours),
    beside: `${perSecond(theirs)} real PowerShell`,
    ratio: times(ours / theirs),
    aim: '≥ 5.00 ×',
    note: pin.length > 0 ? 'both on one core' : 'not pinned: no taskset here',
  };
}

const perSecond = (objects) => `${(objects / 1000).toFixed(1)}k/s`;
