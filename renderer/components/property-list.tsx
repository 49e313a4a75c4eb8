import type { ReactNode } from 'react';
import { plainText } from '../../shared/plain-text.ts';

/** A part of a pane with names and values. */
export const Section = ({
  title,
  label,
  children,
}: {
  title: string;
  label: string;
  children: ReactNode;
}) => (
  <section className="section" aria-label={label}>
    <h3>{title}</h3>
    <dl className="kv">{children}</dl>
  </section>
);

interface PairProps {
  readonly name: string;
  readonly mono?: boolean;
  readonly children: string | undefined;
}

/** A name with its value; nothing where that is not known. */
export const Pair = ({ name, mono, children }: PairProps) =>
  children === undefined || children === '' ? null : (
    <>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : undefined} title={plainText(children)}>
        {plainText(children)}
      </dd>
    </>
  );
