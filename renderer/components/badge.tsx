import type { ReactNode } from 'react';
import type { BadgeState } from '../../shared/session.ts';
import { BADGE_WORDS } from '../rows.ts';

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const UNKNOWN = (
  <>
    <path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" {...line} strokeWidth="1.5" />
    <path d="M6.5 6.7a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.5-.7 1" {...line} strokeWidth="1.3" />
    <circle cx="8" cy="10.7" r=".85" fill="currentColor" />
  </>
);

/** One shape a state, on 16 x 16: told apart without colour. */
const SHAPES: Readonly<Record<BadgeState, ReactNode>> = {
  available: <circle cx="8" cy="8" r="5.25" fill="currentColor" />,
  busy: (
    <>
      <circle cx="8" cy="8" r="3.25" fill="currentColor" />
      <circle cx="8" cy="8" r="6.2" {...line} strokeWidth="1.6" />
    </>
  ),
  ready: (
    <g {...line} strokeWidth="1.6">
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5.2 8h5.4M8.5 5.8 10.7 8l-2.2 2.2" />
    </g>
  ),
  inuse: (
    <>
      <path d="M7.2 1.6v12.8A6.4 6.4 0 0 1 7.2 1.6Z" fill="currentColor" />
      <rect x="8.9" y="7.6" width="6.3" height="5.4" rx="1" fill="currentColor" />
      <path d="M10.3 7.6V6.1a1.75 1.75 0 0 1 3.5 0v1.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  broken: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      d="M7 2.2a1.15 1.15 0 0 1 2 0l5.7 10.1a1.15 1.15 0 0 1-1 1.7H2.3a1.15 1.15 0 0 1-1-1.7ZM7.2 5.9v3.7h1.6V5.9ZM7.2 10.7v1.6h1.6v-1.6Z"
    />
  ),
  closed: <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="1.4" {...line} strokeWidth="1.6" />,
  unreadable: UNKNOWN,
  other: UNKNOWN,
};

/** Where the tokens name the two purple badges as one. */
export const toneOf = (badge: BadgeState): string =>
  `is-${badge === 'unreadable' || badge === 'other' ? 'unknown' : badge}`;

export const Shape = ({ badge }: { badge: BadgeState }) => (
  <svg className="shape" viewBox="0 0 16 16" aria-hidden="true">
    {SHAPES[badge]}
  </svg>
);

/** Shape and word. */
export const Badge = ({ badge }: { badge: BadgeState }) => (
  <span className={`badge ${toneOf(badge)}`}>
    <Shape badge={badge} />
    {BADGE_WORDS[badge]}
  </span>
);
