import { effectiveEndpointKey, parseComputers } from '../shared/computer-text.ts';
import type { Computer, ProfileContent } from '../shared/computer.ts';
import type { Request } from '../shared/contract.ts';

/** The computers that a text names and that are not looked after yet; each endpoint once. */
export function computersToAdd(
  { text, options, groupIds, tags = [], signIn }: Request<'computer.add'>,
  profile: ProfileContent,
  newId: () => string,
): Computer[] {
  const asAsked = (computer: Computer) => effectiveEndpointKey(profile, computer);
  const known = new Set(profile.computers.map(asAsked));
  const added: Computer[] = [];
  for (const entry of parseComputers(text)) {
    if (!('computerName' in entry)) continue;
    const computer: Computer = {
      id: newId(),
      computerName: entry.computerName,
      options: { ...options, ...entry.options },
      groupIds,
      tags: [...tags],
      ...(signIn && { signIn }),
    };
    const key = asAsked(computer);
    if (!known.has(key)) added.push(computer);
    known.add(key);
  }
  return added;
}
