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

/**
 * Lists every instance of a resource, following Pull until the server says EndOfSequence.
 *
 * @throws WinRMError 'protocol' if a page neither ends the sequence nor carries a context, or the list has no end
 * @see DSP0226 8, Enumeration; the optimized form is 8.2.3
 */
export function* enumerate(resourceUri: string, filter?: Xml): Exchange<XmlElement[]> {
  const items: XmlElement[] = [];
  let page = yield* ask({
    action: 'Enumerate',
    resourceUri,
    body: xml`<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${MAX_ELEMENTS}</w:MaxElements>${filter}</n:Enumerate>`,
  });
  for (let pages = 1; ; pages++) {
    const more = child(page, 'Items')?.children ?? [];
    if (items.length + more.length > MAX_ITEMS || pages > MAX_PAGES) throw endless();
    for (const item of more) items.push(item); // a spread of very many would overflow the stack
    // An optimized Enumerate ends in the wsman namespace, a Pull in wsen: hence the local name.
    if (child(page, 'EndOfSequence')) return items;
    const context = child(page, 'EnumerationContext')?.text.trim();
    if (!context) throw new WinRMError('protocol', 'The computer broke off its list before the end.');
    page = yield* ask({
      action: 'Pull',
      resourceUri,
      body: xml`<n:Pull><n:EnumerationContext>${context}</n:EnumerationContext><n:MaxElements>${MAX_ELEMENTS}</n:MaxElements></n:Pull>`,
    });
  }
}

function* ask(request: WSManRequest): Exchange<XmlElement> {
  const { body } = yield request;
  const page = child(body, `${request.action}Response`);
  if (!page) throw new WinRMError('protocol', `The computer answered ${request.action} with something else.`);
  return page;
}

const endless = () => new WinRMError('protocol', 'The computer sends a list without an end.');
