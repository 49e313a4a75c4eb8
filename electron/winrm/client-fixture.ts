import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';
import { xml } from './xml.ts';

export const SOAP =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"';
export const field = (soap: string, name: string) => new RegExp(`<${name}[^>]*>([^<]*)<`).exec(soap)?.[1];

/** Answers every request with an empty body that relates to it, and remembers what it was asked. */
export function echo() {
  const asked: string[] = [];
  const channel: Channel = {
    post: (soap) => {
      asked.push(soap);
      return Promise.resolve(
        `<s:Envelope ${SOAP}><s:Header><a:RelatesTo>${field(soap, 'a:MessageID')}</a:RelatesTo></s:Header><s:Body/></s:Envelope>`,
      );
    },
    close: () => void asked.push('closed'),
  };
  return { asked, channel };
}
export const ask = { action: 'Get', resourceUri: 'urn:r', body: xml`` } as const;

/** Its answer did not come. */
export const lost = new WinRMError('unreachable', 'It broke the connection off.', {
  faultCode: 2150858770,
  network: 'after',
});
