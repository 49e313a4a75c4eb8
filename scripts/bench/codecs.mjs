import { measure, program } from './measure.mjs';
import { times } from './table.mjs';

/** What passes every byte of a long output, beside the least that a computer does with the same bytes. */
export async function codecRows() {
  const { defragment, copy } = await measure(...program('codecs.ts'));
  return {
    what: 'defragment 50 MB',
    ours: `${defragment.toFixed(0)} MB/s`,
    beside: `${copy.toFixed(0)} MB/s copied once`,
    ratio: times(defragment / copy),
  };
}
