// sealing: prints {"ntlm","kerberos"}: {"seal","unseal"} in MB/s each, or {"missing"} with the reason. One thread.
import { NtlmSealing } from '../../electron/winrm/auth/ntlm-sealing.ts';
import type { SealedMessage } from '../../electron/winrm/auth/security-context.ts';
import { openKerberosPair } from './kerberos-pair.ts';
import { throughputs } from './throughput.ts';

/** One body of a long output, and 16 MB of them. */
const BODY_BYTES = 64 * 1024;
const BODIES = 256;
const body = new Uint8Array(BODY_BYTES).fill(0x41);

interface Ends {
  readonly client: { wrap(plain: Uint8Array): SealedMessage; unwrap(sealed: SealedMessage): Uint8Array };
  readonly server: { wrap(plain: Uint8Array): SealedMessage };
}

const figuresOf = ({ client, server }: Ends) =>
  throughputs({
    seal: () => ({
      bytes: BODY_BYTES * BODIES,
      work: () => {
        for (let i = 0; i < BODIES; i++) client.wrap(body);
      },
    }),
    unseal: () => {
      const sealed = Array.from({ length: BODIES }, () => server.wrap(body));
      return {
        bytes: BODY_BYTES * BODIES,
        work: () => {
          for (const one of sealed) client.unwrap(one);
        },
      };
    },
  });

const key = new Uint8Array(16).fill(7);
const ntlm = figuresOf({ client: new NtlmSealing(key, 'client'), server: new NtlmSealing(key, 'server') });
const pair = await openKerberosPair();
const kerberos = 'missing' in pair ? pair : figuresOf(pair);
if (!('missing' in pair)) await pair.close();
process.stdout.write(`${JSON.stringify({ ntlm, kerberos })}\n`);
