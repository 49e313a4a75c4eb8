import { BlockList, isIP } from 'node:net';

/** Those of some entries that are `address/bits`; what else stands among them is passed over. */
export class Networks {
  readonly #list = new BlockList();

  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [, address = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(entry) ?? [];
      const kind = isIP(address);
      if (kind !== 0 && Number(bits) <= (kind === 4 ? 32 : 128))
        this.#list.addSubnet(address, Number(bits), kind === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** Whether an address lies in one of them; a name lies in none. */
  has(host: string): boolean {
    const kind = isIP(host);
    return kind !== 0 && this.#list.check(host, kind === 4 ? 'ipv4' : 'ipv6');
  }
}
