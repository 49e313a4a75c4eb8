export { count, figures } from '../shared/figures.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1 h 12 m`, `41 m`, `9 s`: at most two units, rounded down. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m`;
  const [big, unit, small, smallUnit] = span < DAY ? [HOUR, 'h', MINUTE, 'm'] : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((span % Number(big)) / Number(small));
  return `${Math.floor(span / Number(big))} ${unit}${rest ? ` ${rest} ${smallUnit}` : ''}`;
}

/** `402 MB`; binary, as Windows counts. */
export function bytes(value: number): string {
  const MB = 1024 * 1024;
  if (value < MB) return `${Math.ceil(value / 1024)} KB`;
  return value < 1024 * MB ? `${Math.round(value / MB)} MB` : `${(value / (1024 * MB)).toFixed(1)} GB`;
}

const pad = (n: number) => String(n).padStart(2, '0');

/** `10:42`, with its date only when that is not today's. */
export function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  return date.toDateString() === new Date(now).toDateString() ? time : `${day(at)} ${time}`;
}

/** `2026-03-02` */
export function day(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** The exact moment, for tooltips. */
export const exactly = (at: number): string => `${day(at)} ${new Date(at).toTimeString().slice(0, 8)}`;

/** `4f:a1:09…` */
export const thumbprint = (hex: string): string => hex.replace(/(..)(?=.)/g, '$1:');
