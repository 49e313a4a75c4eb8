import { child, xml } from '../winrm/xml.ts';
import type { Xml, XmlElement } from '../winrm/xml.ts';
import { Fault, FAULTS } from './fault.ts';
import type { SimulatedRequest } from './soap.ts';

/** Open enumerations of one computer are bounded: the oldest context is forgotten. */
const MAX_CONTEXTS = 1000;

/** Enumerate, Pull and Release (DSP0226 8): hands a list out in pages of MaxElements, or of what fits the envelope. */
export class Enumerations {
  readonly #contexts = new Map<string, Xml[]>();
  readonly #newGuid: () => string;
  readonly #maxPage: number;

  /** @param maxPage at most so many items a page, whatever the client asks for */
  constructor(newGuid: () => string, maxPage = Number.POSITIVE_INFINITY) {
    this.#newGuid = newGuid;
    this.#maxPage = maxPage;
  }

  start(request: SimulatedRequest, items: readonly Xml[]): Xml {
    const rest = [...items];
    const { payload } = request;
    if (!payload || !child(payload, 'OptimizeEnumeration')) {
      return xml`<n:EnumerateResponse><n:EnumerationContext>${this.#remember(rest)}</n:EnumerationContext></n:EnumerateResponse>`;
    }
    const page = this.#page(rest, payload, request.roomBytes);
    return xml`<n:EnumerateResponse><n:EnumerationContext>${rest.length > 0 ? this.#remember(rest) : ''}</n:EnumerationContext>${
      page.length > 0 ? xml`<w:Items>${page}</w:Items>` : undefined
    }${rest.length > 0 ? undefined : xml`<w:EndOfSequence/>`}</n:EnumerateResponse>`;
  }

  pull(request: SimulatedRequest): Xml {
    const { payload } = request;
    const context = contextOf(payload);
    const rest = this.#contexts.get(context);
    if (!rest || !payload) throw new Fault(FAULTS.invalidEnumerationContext);
    this.#contexts.delete(context);
    const page = this.#page(rest, payload, request.roomBytes);
    return xml`<n:PullResponse>${
      rest.length > 0 ? xml`<n:EnumerationContext>${this.#remember(rest)}</n:EnumerationContext>` : undefined
    }<n:Items>${page}</n:Items>${rest.length > 0 ? undefined : xml`<n:EndOfSequence/>`}</n:PullResponse>`;
  }

  release(request: SimulatedRequest): undefined {
    this.#contexts.delete(contextOf(request.payload));
  }

  #remember(rest: Xml[]): string {
    const context = `uuid:${this.#newGuid()}`;
    this.#contexts.set(context, rest);
    if (this.#contexts.size > MAX_CONTEXTS) this.#contexts.delete(this.#contexts.keys().next().value ?? '');
    return context;
  }

  /** One item unless MaxElements says more (DSP0226 8.3), and always one, however big. */
  #page(rest: Xml[], payload: XmlElement, roomBytes: number): Xml[] {
    const wanted = Number(child(payload, 'MaxElements')?.text ?? 1);
    const most = Math.min(Number.isInteger(wanted) && wanted > 0 ? wanted : 1, this.#maxPage);
    let size = 0;
    const count = rest.findIndex(
      (item, i) => i >= most || ((size += item.markup.length) > roomBytes && i > 0),
    );
    return rest.splice(0, count < 0 ? rest.length : count);
  }
}

const contextOf = (payload: XmlElement | undefined) =>
  (payload && child(payload, 'EnumerationContext')?.text.trim()) ?? '';
