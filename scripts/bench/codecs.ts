// codecs: prints {"defragment","copy"}, MB/s each, medians of passes in turn.
import { Defragmenter, fragment } from '../../electron/winrm/psrp/fragment.ts';
import { throughputs } from './throughput.ts';

/** As PowerShell's server cuts them, in messages as big as its command output usually is. */
const FRAGMENT_BYTES = 32_768;
const MESSAGE_BYTES = 80_000;
const MESSAGES = 640;

const message = new Uint8Array(MESSAGE_BYTES).fill(0x41);
const fragments = Array.from({ length: MESSAGES }, (_, id) =>
  fragment(BigInt(id + 1), message, FRAGMENT_BYTES),
).flat();
const bytes = fragments.reduce((sum, { length }) => sum + length, 0);
const figures = throughputs({
  defragment: () => ({
    bytes,
    work: () => {
      const defragmenter = new Defragmenter();
      for (const one of fragments) defragmenter.receive(one);
    },
  }),
  copy: () => ({
    bytes,
    work: () => {
      for (const one of fragments) one.slice();
    },
  }),
});
process.stdout.write(`${JSON.stringify(figures)}\n`);
