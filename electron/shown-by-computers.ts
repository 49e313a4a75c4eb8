import { effectiveEndpointKey, endpointKey } from '../shared/computer-text.ts';
import { MOST_PLACES } from '../shared/computer-limits.ts';
import type { ComputerId, ConnectionOptions } from '../shared/computer.ts';
import type { Request } from '../shared/contract.ts';
import { Diagnosed } from './diagnosed.ts';
import type { LookedAfter } from './looked-after.ts';
import { WinRMError } from './winrm/index.ts';

interface OptionsEdit {
  /** Of the edit, by the computer's name. */
  readonly label: (computerName: string) => string;
  /** Why another computer does not get it. */
  readonly refusal: (computerName: string) => string;
  readonly change: (options: ConnectionOptions, computerName: string) => ConnectionOptions;
}

/** What a computer itself brought about, and a person agrees to: only what it showed last, to a sweep or to diagnostics. */
export class ShownByComputers {
  readonly diagnosed = new Diagnosed();
  readonly #looked: () => LookedAfter;

  constructor(looked: () => LookedAfter) {
    this.#looked = looked;
  }

  /** @throws WinRMError 'denied' unless the computer showed that certificate last */
  async pin({ computerId, sha256 }: Request<'certificate.pin'>): Promise<void> {
    const where = endpointKey(this.#looked().computer(computerId));
    const isShown =
      this.#looked().fleet.untrustedCertificate(computerId) === sha256 ||
      this.diagnosed.of(computerId, where).certificate?.sha256 === sha256;
    if (!isShown)
      throw new WinRMError('denied', 'This is not the certificate that the computer showed last.');
    await this.#editOptions(computerId, {
      label: (name) => `Trust the certificate of ${name}`,
      refusal: (name) => `${name} has not shown this certificate.`,
      change: (options) => ({ ...options, pinnedCertificate: sha256 }),
    });
  }

  /** @throws WinRMError 'denied' unless the computer sent on to there when it was asked last */
  async allowRedirection({ computerId, place }: Request<'redirection.allow'>): Promise<void> {
    const where = endpointKey(this.#looked().computer(computerId));
    const isShown =
      this.#looked().fleet.redirectedTo(computerId) === place ||
      this.diagnosed.of(computerId, where).redirectsTo === place;
    if (!isShown) throw new WinRMError('denied', 'This is not where the computer sent on to last.');
    await this.#editOptions(computerId, {
      label: (name) => `Let ${name} send on to ${place}`,
      refusal: (name) => `${name} has not sent on to there.`,
      change: (options, name) => {
        const places = new Set([...(options.redirectTo ?? []), place]);
        if (places.size > MOST_PLACES)
          throw new WinRMError(
            'invalid',
            `${name} may send on to ${MOST_PLACES} places already, and to no more. Take some away where it is edited.`,
          );
        return { ...options, redirectTo: [...places] };
      },
    });
  }

  /** Changes what a computer itself brought about. @throws WinRMError 'denied' where another stands in its place by then */
  async #editOptions(id: ComputerId, { label, refusal, change }: OptionsEdit): Promise<void> {
    const computer = this.#looked().computer(id);
    const where = endpointKey(computer);
    await this.#looked().profile.edit(label(computer.computerName), (all) => ({
      ...all,
      computers: all.computers.map((one) => {
        if (one.id !== id) return one;
        if (effectiveEndpointKey(all, one) !== where)
          throw new WinRMError('denied', refusal(one.computerName));
        return { ...one, options: change(one.options, one.computerName) };
      }),
    }));
  }
}
