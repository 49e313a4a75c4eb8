import { isDeepStrictEqual } from 'node:util';
import { endpointUrl, toEndpoint } from '../shared/endpoint.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';

/** Where it is asked, whatever the letters' case. */
export const endpointOf = ({ computerName, options }: ResolvedComputer): string =>
  endpointUrl(toEndpoint(computerName, options)).toLowerCase();

/** Whether nothing differs that a client of it knows. */
export const isAskedAlike = (one: ResolvedComputer, other: ResolvedComputer): boolean =>
  one === other ||
  (one.computerName === other.computerName &&
    one.username === other.username &&
    isDeepStrictEqual(one.signIn, other.signIn) &&
    isDeepStrictEqual(one.options, other.options));
