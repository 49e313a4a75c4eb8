import { lookup } from 'node:dns';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { withoutBrackets } from '../../../../shared/computer.ts';
import { GatheredBytes } from '../../gathered-bytes.ts';
import { Unfit } from '../../revocation/der-values.ts';
import { inSeconds } from '../failure.ts';
import { Networks } from '../networks.ts';
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

/** Nobody answers at that address, whatever is asked. */
export class Silent extends Unfit {}

/** What only this machine, or its own wire, is asked by (RFC 1122 3.2.1.3, RFC 3927, RFC 4291 2.4). */
const OWN_PLACES = new Networks(['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '::/127', 'fe80::/10']);

/**
 * What answers at an http address. Nobody is told who asks: no account, no cookie, nothing but the question. What keeps
 * this process alive is who waits for it, not the question itself. Whoever stands on the way may answer with another
 * address, which is not let reach what only this machine can.
 *
 * @throws Silent where nobody is there, Unfit where what came is no answer; with a sentence's end: why
 */
export async function askOverHttp(address: string, question: HttpQuestion): Promise<Buffer> {
  const { timeoutMs, proxyFor } = question;
  const limit = AbortSignal.timeout(timeoutMs);
  let url = new URL(address);
  let hops = 0;
  let mayBeOwnPlace = true;
  try {
    for (; hops <= MAX_REDIRECTIONS; hops++) {
      const answer = await exchange(url, await proxyFor(url), { ...question, mayBeOwnPlace }, limit);
      if (Buffer.isBuffer(answer)) return answer;
      if (!URL.canParse(answer.location, url)) throw new Unfit('it sends on to no address');
      mayBeOwnPlace &&= OWN_PLACES.has(answer.from);
      url = new URL(answer.location, url);
      // https would need a certificate that would have to be checked, too.
      if (url.protocol !== 'http:') throw new Unfit('it sends on to an address that is not http');
    }
  } catch (error) {
    const Nothing = hops === 0 ? Silent : Unfit;
    if (limit.aborted) throw new Nothing(`it did not answer within ${inSeconds(timeoutMs)}`);
    if (error instanceof Unfit) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // It is there, but what it speaks is not HTTP.
    if (code.startsWith('HPE_')) throw new Unfit('what it answers is no answer');
    throw new Nothing(`it is not reached${code && ` (${code})`}`);
  }
  throw new Unfit('it sends on without end');
}

function exchange(
  url: URL,
  proxy: Proxy | undefined,
  { post, maxBytes, mayBeOwnPlace }: HttpQuestion & { readonly mayBeOwnPlace: boolean },
  signal: AbortSignal,
): Promise<Buffer | { readonly location: string; readonly from: string }> {
  const place = proxy ?? { hostname: withoutBrackets(url.hostname), port: Number(url.port || 80) };
  const path = `${url.pathname}${url.search}`;
  // What a proxy reaches is for the proxy to say.
  const isHeldBack = !mayBeOwnPlace && !proxy;
  if (isHeldBack) demandElsewhere(place.hostname);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...(isHeldBack && { lookup: lookupElsewhere }),
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
      const { statusCode = 0, headers, socket } = incoming;
      const from = socket.remoteAddress ?? '';
      const isElsewhere = statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
      if (statusCode === 200) return read(incoming, maxBytes).then(resolve, reject);
      incoming.destroy();
      if (isElsewhere) resolve({ location: headers.location ?? '', from: proxy ? '' : from });
      else reject(new Unfit(`it answers HTTP ${statusCode}`));
    });
    outgoing.end(post?.body);
  });
}

function demandElsewhere(address: string): void {
  if (OWN_PLACES.has(address)) throw new Unfit('it sends on to a place that only this machine reaches');
}

/** Names, too, may lead there. */
const lookupElsewhere: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, { ...options, all: true }, (error, found) => {
    try {
      for (const { address } of found ?? []) demandElsewhere(address);
    } catch (unfit) {
      return callback(unfit as Unfit, '');
    }
    if (error || options.all) return callback(error, found);
    const [first] = found;
    callback(null, first?.address ?? '', first?.family);
  });

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
