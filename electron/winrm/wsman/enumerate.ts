import { WinRMError } from '../error.ts';
import type { Exchange } from '../exchange.ts';
import { child, xml } from '../xml.ts';
import type { Xml, XmlElement } from '../xml.ts';
import type { WSManRequest } from './request.ts';

/** Windows' own client asks for this many a message; the server sends what fits its envelope. */
const MAX_ELEMENTS = 32_000;
/** Far beyond any real computer; a server that goes on is broken or hostile. */
const MAX_ITEMS = 100_000;
const MAX_PAGES = 10_000;
/** Of all pages together, in characters: ten thousand shells have some 12 million. */
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Lists every instance of a resource, following Pull until the server says EndOfSequence.
 *
 * @param read what is kept of an item; undefined is left out. It must not keep the page
 * @throws WinRMError 'protocol' if a page neither ends the sequence nor carries a context, or the list has no end
 * @see DSP0226 8, Enumeration; the optimized form is 8.2.3
 */
export function* enumerate<T>(
  resourceUri: string,
  read: (item: XmlElement) => T | undefined,
  filter?: Xml,
): Exchange<T[]> {
  const items: T[] = [];
  let count = 0;
  let length = 0;
  let page = yield* ask({
    action: 'Enumerate',
    resourceUri,
    body: xml`<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${MAX_ELEMENTS}</w:MaxElements>${filter}</n:Enumerate>`,
  });
  for (let pages = 1; ; pages++) {
    const more = child(page.content, 'Items')?.children ?? [];
    count += more.length;
    length += page.length;
    if (count > MAX_ITEMS || pages > MAX_PAGES || length > MAX_LENGTH) throw endless();
    for (const item of more) {
      const kept = read(item);
      if (kept !== undefined) items.push(kept);
    }
    // An optimized Enumerate ends in the wsman namespace, a Pull in wsen: hence the local name.
    if (child(page.content, 'EndOfSequence')) return items;
    const context = child(page.content, 'EnumerationContext')?.text.trim();
    if (!context) throw strange('The computer broke off its list before the end.');
    page = yield* ask({
      action: 'Pull',
      resourceUri,
      body: xml`<n:Pull><n:EnumerationContext>${context}</n:EnumerationContext><n:MaxElements>${MAX_ELEMENTS}</n:MaxElements></n:Pull>`,
    });
  }
}

interface Page {
  readonly content: XmlElement;
  /** Characters. */
  readonly length: number;
}

function* ask(request: WSManRequest): Exchange<Page> {
  const { body, length } = yield request;
  const content = child(body, `${request.action}Response`);
  if (!content) throw strange(`The computer answered ${request.action} with something else.`);
  return { content, length };
}

const endless = () => strange('The computer sends a list without an end.');

/** No WinRM that is known does so. */
const strange = (message: string) =>
  new WinRMError('protocol', message, {
    causes: [
      'What answers there is not WinRM, or it is broken.',
      'A proxy in between changed the answer on its way.',
    ],
    remedy: {
      text: 'Ask again. If it stays so, restart the WinRM service there, which may end the sessions on it:',
      command: 'Restart-Service WinRM',
    },
  });
