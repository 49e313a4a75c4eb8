/**
 * A row: what was measured, `ours`, what it stands `beside`, the `ratio` of the two, what we `aim` at, and a note.
 * @typedef {{what: string, ours?: string, beside?: string, ratio?: string, aim?: string, note?: string}} Row
 */

/** A row that could not be measured here, with the reason. */
export const skipped = (what, why) => ({ what, note: `skipped: ${why}` });

export const milliseconds = (ms) => `${ms.toFixed(0)} ms`;
export const times = (ratio) => `${ratio.toFixed(2)} ×`;

/** @param {readonly Row[]} rows */
export function printTable(rows) {
  const columns = ['what', 'ours', 'beside', 'ratio', 'aim'];
  const heads = { what: 'measured', ours: 'ours', beside: 'beside', ratio: 'ratio', aim: 'aim' };
  const all = [heads, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    const cells = columns.map((column, i) => (row[column] ?? '').padEnd(widths[i]));
    console.log([...cells, row.note ?? ''].join('  ').trimEnd());
  }
}
