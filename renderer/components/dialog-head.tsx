import { Children } from 'react';
import type { ReactNode } from 'react';
import { Heading } from 'react-aria-components';
import { plainText } from '../../shared/plain-text.ts';

/** Names in it may be somebody else's: of a shared profile, or of a computer. */
const plainly = (part: ReactNode) => (typeof part === 'string' ? plainText(part) : part);

/** Head of a dialog; the title is its accessible name. */
export const DialogHead = ({ title, children }: { title: string; children?: ReactNode }) => (
  <header>
    <Heading slot="title">{plainText(title)}</Heading>
    {children && <p>{Children.map(children, plainly)}</p>}
  </header>
);
