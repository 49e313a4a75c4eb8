import type { ReactNode } from 'react';
import { Heading } from 'react-aria-components';

/** Head of a dialog; the title is its accessible name. */
export const DialogHead = ({ title, children }: { title: string; children?: ReactNode }) => (
  <header>
    <Heading slot="title">{title}</Heading>
    {children && <p>{children}</p>}
  </header>
);
