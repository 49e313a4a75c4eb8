import { Agent, request } from 'node:http';

export interface BareTarget {
  readonly address: string;
  readonly port: number;
  /** The whole Authorization header. */
  readonly authorization: string;
  readonly soap: string;
}

/**
 * What a sweep is measured beside: sends the same text `count` times, one after the other on one connection, reads each
 * answer to its end and looks at nothing but the status.
 */
export async function askBare({ address, port, authorization, soap }: BareTarget, count = 1): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let i = 0; i < count; i++) await askOnce(agent);
  } finally {
    agent.destroy();
  }

  function askOnce(through: Agent): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = {
        'Content-Type': 'application/soap+xml;charset=UTF-8',
        'Content-Length': Buffer.byteLength(soap),
        Authorization: authorization,
      };
      const sent = request(
        { host: address, port, method: 'POST', path: '/wsman', agent: through, headers },
        (response) => {
          response.resume();
          response.once('error', reject);
          response.once('end', () =>
            response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
          );
        },
      );
      sent.once('error', reject);
      sent.end(soap);
    });
  }
}
