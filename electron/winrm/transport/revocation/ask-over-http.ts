import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { GatheredBytes } from '../../gathered-bytes.ts';
import { Unfit } from '../../revocation/der-values.ts';
import { inSeconds } from '../failure.ts';
import type { Proxy } from '../proxy-settings.ts';

export interface HttpQuestion {
  /** Absent: GET. */
  readonly post?: { readonly type: string; readonly body: Uint8Array };
  readonly maxBytes: number;
  /** For all of it, redirections included; milliseconds. */
  readonly timeoutMs: number;
  /** Who passes it on; undefined: asked directly. */
  readonly proxyFor: (url: URL) => Promise<Proxy | undefined>;
}

const MAX_REDIRECTIONS = 3;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * What answers at an http address. Nobody is told who asks: no account, no cookie, nothing but the question. What keeps
 * this process alive is who waits for it, not the question itself.
 *
 * @throws Unfit with a sentence's end: why nothing came
 */
export async function askOverHttp(address: string, question: HttpQuestion): Promise<Buffer> {
  const { timeoutMs, proxyFor } = question;
  const limit = AbortSignal.timeout(timeoutMs);
  let url = new URL(address);
  try {
    for (let hops = 0; hops <= MAX_REDIRECTIONS; hops++) {
      const answer = await exchange(url, await proxyFor(url), question, limit);
      if (Buffer.isBuffer(answer)) return answer;
      if (!URL.canParse(answer.location, url)) throw new Unfit('it sends on to no address');
      url = new URL(answer.location, url);
      // https would need a certificate that would have to be checked, too.
      if (url.protocol !== 'http:') throw new Unfit('it sends on to an address that is not http');
    }
  } catch (error) {
    if (limit.aborted) throw new Unfit(`it did not answer within ${inSeconds(timeoutMs)}`);
    if (error instanceof Unfit) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Unfit(`it is not reached${code}`);
  }
  throw new Unfit('it sends on without end');
}

function exchange(
  url: URL,
  proxy: Proxy | undefined,
  { post, maxBytes }: HttpQuestion,
  signal: AbortSignal,
): Promise<Buffer | { readonly location: string }> {
  const place = proxy ?? { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || 80) };
  const path = `${url.pathname}${url.search}`;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method: post ? 'POST' : 'GET',
      host: place.hostname,
      port: place.port,
      path: proxy ? `http://${url.host}${path}` : path,
      agent: false,
      signal,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: {
        Host: url.host,
        'User-Agent': 'PSSession Manager',
        ...(post && { 'Content-Type': post.type, 'Content-Length': post.body.length }),
      },
    });
    outgoing.once('socket', (socket) => socket.unref());
    outgoing.on('error', reject);
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Unfit('what it answers is no answer'));
    });
    outgoing.once('response', (incoming) => {
      const { statusCode = 0, headers } = incoming;
      const isElsewhere = statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
      if (statusCode === 200) return read(incoming, maxBytes).then(resolve, reject);
      incoming.destroy();
      if (isElsewhere) resolve({ location: headers.location ?? '' });
      else reject(new Unfit(`it answers HTTP ${statusCode}`));
    });
    outgoing.end(post?.body);
  });
}

function read(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = new GatheredBytes();
  return new Promise((resolve, reject) => {
    incoming.on('data', (piece: Buffer) => {
      body.add(piece);
      if (body.length > maxBytes)
        incoming.destroy(new Unfit(`its answer is longer than ${Math.round(maxBytes / 1_048_576)} MB`));
    });
    incoming.once('error', reject);
    incoming.once('end', () => resolve(body.bytes()));
  });
}
