import { Fragment } from 'react';
import { thumbprint } from '../format.ts';

/** The hash of a certificate, to be compared byte by byte: whole, and broken between bytes alone. Copied it is one word. */
export const Fingerprint = ({ hex }: { hex: string }) => (
  <span className="fingerprint mono">
    {(thumbprint(hex).match(/[^:]+:?/g) ?? []).map((byte, i) => (
      <Fragment key={i}>
        {i > 0 && <wbr />}
        {byte}
      </Fragment>
    ))}
  </span>
);
