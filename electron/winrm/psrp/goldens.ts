import { createDecipheriv } from 'node:crypto';
import { parseDateTime } from './date-time.ts';
import type { CanonicalOptions, Json } from './canonical-json.ts';
import type { PSDateTime } from './value.ts';

/** See fixtures/README.md. */
export interface GoldenCase {
  readonly name: string;
  readonly form: 'remoting' | 'file' | 'reading';
  readonly clixml: string;
  readonly value?: Json;
  readonly toString?: unknown;
  readonly typeNames?: readonly string[];
  readonly secrets?: 'session-key' | 'plain';
  readonly error?: string;
}

export interface GoldenMessage {
  readonly name: string;
  readonly messageType: string;
  readonly header: string;
  readonly clixml: string;
  readonly value: Json;
  readonly secrets?: 'session-key' | 'plain';
}

const ZONE = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });
const TICKS_PER_MINUTE = 600_000_000n;
const TICKS_PER_MS = 10_000n;
const YEAR_ONE_MS = -62_135_596_800_000;

/** As a PowerShell in Berlin holds a local time; it stops at the ends of its calendar. */
function toBerlin(date: PSDateTime): PSDateTime {
  if (date.kind !== 'Local') return date;
  const utc = date.ticks - BigInt(date.offsetMinutes ?? 0) * TICKS_PER_MINUTE;
  const zone = ZONE.format(Number(utc / TICKS_PER_MS) + YEAR_ONE_MS).split('GMT')[1] ?? '';
  const [hours = 0, minutes = 0, seconds = 0] = zone.split(':').map(Number);
  const offset = hours * 60 + minutes + (seconds > 0 ? 1 : 0);
  const ticks = utc + BigInt(offset) * TICKS_PER_MINUTE;
  const last = parseDateTime('9999-12-31T23:59:59.9999999').ticks;
  const bounded = utc < 0n ? 0n : ticks > last ? last : ticks;
  return { type: 'DateTime', kind: 'Local', ticks: bounded, offsetMinutes: offset };
}

/** What the goldens were made with: in Berlin, with this session key where one was in play. */
export function goldenOptions(secrets?: 'session-key' | 'plain'): CanonicalOptions {
  return { toLocal: toBerlin, secret: (text) => openSecret(text, secrets) };
}

const SESSION_KEY = Buffer.from('01080f161d242b323940474e555c636a71787f868d949ba2a9b0b7bec5ccd3da', 'hex');

function openSecret(text: string, secrets?: 'session-key' | 'plain'): string {
  if (secrets === 'plain') return Buffer.from(text, 'base64').toString('utf16le');
  if (secrets !== 'session-key') return Buffer.from(text, 'hex').toString('utf16le');
  const decipher = createDecipheriv('aes-256-cbc', SESSION_KEY, Buffer.alloc(16));
  return Buffer.concat([decipher.update(text, 'base64'), decipher.final()]).toString('utf16le');
}
