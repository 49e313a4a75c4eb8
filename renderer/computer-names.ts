import { endpointUrl, toEndpoint } from '../shared/endpoint.ts';
import type { Computer, ComputerId } from '../shared/computer.ts';
import { plainText } from '../shared/plain-text.ts';

const named = new WeakMap<readonly Computer[], ReadonlyMap<ComputerId, string>>();

/** What each computer is called here, as it is shown: its name, and as much of its address as it takes to tell it from its namesakes. */
export function namesOf(computers: readonly Computer[]): ReadonlyMap<ComputerId, string> {
  let names = named.get(computers);
  if (!names) named.set(computers, (names = name(computers)));
  return names;
}

/** What one of them is called here; one that is none of them by its name alone. */
export const nameAmong = (computers: readonly Computer[], { id, computerName }: Computer): string =>
  namesOf(computers).get(id) ?? plainText(computerName);

function name(computers: readonly Computer[]): ReadonlyMap<ComputerId, string> {
  const names = new Map<ComputerId, string>();
  let open = computers;
  for (const [i, spell] of SPELLINGS.entries()) {
    const counts = new Map<string, number>();
    for (const one of open) counts.set(folded(spell(one)), (counts.get(folded(spell(one))) ?? 0) + 1);
    const isLast = i === SPELLINGS.length - 1;
    const isTold = (one: Computer) => isLast || counts.get(folded(spell(one))) === 1;
    for (const one of open.filter(isTold)) names.set(one.id, plainText(spell(one)));
    open = open.filter((one) => !isTold(one));
  }
  return names;
}

const folded = (text: string) => text.toLowerCase();
const withPort = ({ computerName, options }: Computer) =>
  `${computerName.includes(':') ? `[${computerName}]` : computerName}:${toEndpoint(computerName, options).port}`;

/** From the shortest to the whole. */
const SPELLINGS: readonly ((computer: Computer) => string)[] = [
  ({ computerName }) => computerName,
  withPort,
  (one) => `${withPort(one)}${toEndpoint(one.computerName, one.options).path}`,
  ({ computerName, options }) => endpointUrl(toEndpoint(computerName, options)),
];
