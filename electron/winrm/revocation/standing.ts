/** How little the clocks of two machines must agree: milliseconds. Windows' own is held to 5 minutes by Kerberos. */
export const TOLERANCE_MS = 5 * 60_000;

/** What somebody who may say so said of one certificate, and until when that holds: epoch milliseconds. */
export type Standing =
  | { readonly state: 'good'; readonly until: number }
  | {
      readonly state: 'revoked';
      readonly until: number;
      readonly revokedOn: number;
      readonly reason?: string;
    };

/** CRLReason (RFC 5280 5.3.1), as far as one says something. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'its key was disclosed',
  2: 'the key of its authority was disclosed',
  3: 'what it says of its owner changed',
  4: 'it was superseded',
  5: 'its owner is out of service',
  6: 'it is on hold',
  9: 'its right was withdrawn',
  10: 'the key of who confirms its rights was disclosed',
};

export const reasonOf = (code: number | undefined): { readonly reason?: string } => {
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? {} : { reason };
};
