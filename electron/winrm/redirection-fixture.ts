import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthenticationMechanism, Endpoint } from '../../shared/computer.ts';
import { openComputer } from './index.ts';
import type { RemoteComputer } from './index.ts';

/** For tests: servers on loopback that redirect, or list nothing. */
const servers: { close(): void; closeAllConnections(): void }[] = [];

export function closeRedirecting(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

export async function serve(handler: RequestListener, address = '127.0.0.1'): Promise<Endpoint> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is always of this form
  return { scheme: 'http', hostname: address, port, path: '/wsman' };
}

/** The requests of all servers, in order. */
export interface Seen {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly to: string | undefined;
}

async function seenOf(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const piece of request.setEncoding('utf8') as AsyncIterable<string>) body += piece;
  const { url: path, headers } = request;
  return { path, authorization: headers.authorization, to: /<a:To>([^<]*)</.exec(body)?.[1] };
}

const EMPTY_LIST =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header/><s:Body><n:EnumerateResponse><w:Items/><w:EndOfSequence/></n:EnumerateResponse></s:Body></s:Envelope>';

export const listing = (seen: Seen[]): RequestListener => {
  return (request, response) =>
    void seenOf(request).then((one) => {
      seen.push(one);
      response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(EMPTY_LIST);
    });
};

export const redirecting = (
  seen: Seen[],
  status: number,
  location: (count: number) => string,
): RequestListener => {
  return (request, response) =>
    void seenOf(request).then((one) => {
      seen.push(one);
      response.writeHead(status, { Location: location(seen.length) }).end();
    });
};

export const url = ({ hostname, port, path }: Endpoint) => `http://${hostname}:${port}${path}`;

export interface OpenedAt {
  readonly mayRedirect?: ((from: Endpoint, to: Endpoint) => boolean) | undefined;
  readonly maximum?: number | undefined;
  readonly redirectTo?: string[] | undefined;
  readonly authentication?: AuthenticationMechanism;
}

/** Alice's, who is let in by the servers above. */
export function openAt(
  endpoint: Endpoint,
  { mayRedirect, maximum, redirectTo, authentication = 'Basic' }: OpenedAt,
): RemoteComputer {
  return openComputer({
    computerName: endpoint.hostname,
    endpoint,
    options: {
      authentication,
      allowBasicOverHttp: true,
      ...(redirectTo && { redirectTo }),
      ...(maximum !== undefined && { sessionOption: { maximumConnectionRedirectionCount: maximum } }),
    },
    credential: { username: 'alice', password: 'Passw0rd!' },
    ...(mayRedirect && { mayRedirect }),
  });
}

export function list(
  endpoint: Endpoint,
  mayRedirect?: OpenedAt['mayRedirect'],
  maximum?: number,
  redirectTo?: string[],
  authentication?: AuthenticationMechanism,
): Promise<unknown> {
  const how = { mayRedirect, maximum, redirectTo, ...(authentication && { authentication }) };
  const computer = openAt(endpoint, how);
  return computer.list({}, { strict: false }).finally(() => computer.close());
}
