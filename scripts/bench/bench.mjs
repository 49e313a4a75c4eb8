// npm run bench [-- PART…]: a table of ratios, each of two things measured in this one run. Nothing is asserted by time.
import { clixmlRow } from './clixml.mjs';
import { codecRows } from './codecs.mjs';
import { sealingRows } from './sealing.mjs';
import { signInRows } from './sign-ins.mjs';
import { sweepRows } from './sweep.mjs';
import { printTable, skipped } from './table.mjs';
import { coldStartRow, largeFleetRows } from './window.mjs';

/** One after the other, so that nothing shares the processor. */
const PARTS = {
  sweep: sweepRows,
  clixml: clixmlRow,
  codecs: codecRows,
  sealing: sealingRows,
  signIns: signInRows,
  window: coldStartRow,
  large: largeFleetRows,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in PARTS));
if (unknown) {
  console.error(`There is no part ${unknown}: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const rows = [];
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  console.error(`measuring: ${name} …`);
  try {
    rows.push(...[await PARTS[name]()].flat());
  } catch (error) {
    rows.push(skipped(name, error.message.split('\n')[0]));
    process.exitCode = 1;
  }
}
printTable(rows);
