// codecs: prints {"defragment","copy","seal","hmac"}, MB/s each, medians of passes in turn.
import { createHmac } from 'node:crypto';
import { NtlmSealing } from '../../electron/winrm/auth/ntlm-sealing.ts';
import { Defragmenter, fragment } from '../../electron/winrm/psrp/fragment.ts';
import { median } from './median.ts';

const PASSES = 9;
/** As PowerShell's server cuts them, in messages as big as its command output usually is. */
const FRAGMENT_BYTES = 32_768;
const MESSAGE_BYTES = 80_000;
const MESSAGES = 640;
const SEAL_BYTES = 64 * 1024;
const SEALS = 256;

const mbPerSecond = (bytes: number, work: () => void) => {
  const start = performance.now();
  work();
  return bytes / 1000 / (performance.now() - start);
};

function inTurn(bytes: number, ours: () => void, least: () => void): [number, number] {
  ours();
  least();
  const figures = Array.from(
    { length: PASSES },
    () => [mbPerSecond(bytes, ours), mbPerSecond(bytes, least)] as const,
  );
  return [median(figures.map(([one]) => one)), median(figures.map(([, other]) => other))];
}

const message = new Uint8Array(MESSAGE_BYTES).fill(0x41);
const fragments = Array.from({ length: MESSAGES }, (_, id) =>
  fragment(BigInt(id + 1), message, FRAGMENT_BYTES),
).flat();
const [defragment, copy] = inTurn(
  fragments.reduce((sum, { length }) => sum + length, 0),
  () => {
    const defragmenter = new Defragmenter();
    for (const one of fragments) defragmenter.receive(one);
  },
  () => {
    for (const one of fragments) one.slice();
  },
);

const plain = new Uint8Array(SEAL_BYTES).fill(0x41);
const key = new Uint8Array(16).fill(7);
const sealing = new NtlmSealing(key, 'client');
const [seal, hmac] = inTurn(
  SEAL_BYTES * SEALS,
  () => {
    for (let i = 0; i < SEALS; i++) sealing.wrap(plain);
  },
  () => {
    for (let i = 0; i < SEALS; i++) createHmac('md5', key).update(plain).digest();
  },
);
process.stdout.write(`${JSON.stringify({ defragment, copy, seal, hmac })}\n`);
