import { UTC } from './date-time.ts';
import type { Zone } from './date-time.ts';
import { errorText } from './error-text.ts';
import { show } from './format-object.ts';
import type { HostCall } from './host-call.ts';
import type { PipelineEvent } from './pipeline.ts';
import { plainLine, plainLines, UNLIMITED } from './plain-text.ts';
import type { TextLimits } from './plain-text.ts';
import { TableLayout } from './table-layout.ts';
import { toText } from './to-text.ts';
import { isObject, property } from './value.ts';
import type { PSValue } from './value.ts';
import type { OutputLine, StreamName } from '../../../shared/output.ts';

/**
 * Write-Host says a thing twice to a client that has a host: as an INFORMATION_RECORD tagged PSHOST and, next, as a host
 * call; Write-Information does so if it is to be shown. A client without a host gets the records alone, and whoever takes
 * up a session does not know which it was. So each text is shown at its first coming, and its twin is dropped: one that
 * stands at most this many texts behind.
 */
const MAX_TWINS = 16;
/** A line that is never ended is shown in pieces of this many characters. */
const MAX_PARTIAL = 65_536;
const INTERRUPTED =
  'The connection to the computer was interrupted. What was said is asked for again, for up to a minute.';
const UNHEARD =
  'An answer may have been on its way when the network failed. What it held, if any, is lost: a computer gives it once.';
const MISSING =
  'One object is missing here: another client had begun to receive it before the session was taken up.';

/**
 * Turns the events of one pipeline into lines for reading. Nothing is prefixed: the stream says what a line is. Raw
 * objects become a table (up to four properties) or a list; an error its message and category; progress one line each
 * time that it changes. Whatever would drive a terminal is taken out, since the computer may not be trusted.
 * `state` gives no lines of its own: how the pipeline ended is for the caller to say.
 * `limits` are for a reader that shows only as much of a text, such as a window; without them it is given whole. `zone`
 * is by whose clocks local times are shown.
 */
export class OutputRenderer {
  readonly #limits: TextLimits;
  readonly #zone: Zone;
  readonly #table = new TableLayout();
  /** Of a line of the host that was not ended yet; joined only then, however small they are. */
  #pieces: string[] = [];
  /** Characters in them. */
  #held = 0;
  #progress = '';
  /** Texts whose twin has not come. */
  readonly #twins = { host: [] as string[], information: [] as string[] };

  constructor(limits: TextLimits = UNLIMITED, zone: Zone = UTC) {
    this.#limits = limits;
    this.#zone = zone;
  }

  render(event: PipelineEvent): OutputLine[] {
    if (event.kind === 'state') return event.state === 'Running' ? [] : this.end();
    if (event.kind === 'hostCall') return this.#hostCall(event);
    if (event.kind === 'missing') return [...this.end(), { stream: 'warning', text: MISSING }];
    if (event.kind === 'interrupted') return [...this.end(), { stream: 'warning', text: INTERRUPTED }];
    if (event.kind === 'unheard') return [...this.end(), { stream: 'warning', text: UNHEARD }];
    if (event.kind !== 'record') return [];
    return this.#record(event.stream, event.value);
  }

  /** What is still held back: an unfinished line of the host. */
  end(): OutputLine[] {
    this.#table.touch();
    return this.#held === 0 ? [] : this.#lines('host', this.#take());
  }

  #record(stream: StreamName, value: PSValue): OutputLine[] {
    switch (stream) {
      case 'output':
        return this.#output(value);
      case 'host':
        return this.#host(this.#textOf(value));
      case 'progress':
        return this.#progressLine(value);
      case 'information':
        return this.#information(value);
      case 'error':
        return this.#errorLines(value);
      default:
        return this.#lines(stream, this.#messageOf(value));
    }
  }

  #output(value: PSValue): OutputLine[] {
    return show(value, this.#limits, this.#zone).flatMap((shown) => {
      if (shown.kind === 'properties')
        return this.#table.add(shown.cells).map((text) => ({ stream: 'output', text }));
      this.#table.touch();
      return shown.lines.map((text) => ({ stream: 'output', text }));
    });
  }

  /** Whole lines only; the rest waits for its end. */
  #host(text: string): OutputLine[] {
    if (text === '' || this.#isTwin('host', text)) return [];
    return this.#write(text);
  }

  #write(text: string): OutputLine[] {
    const end = this.#held + text.length > MAX_PARTIAL ? text.length : text.lastIndexOf('\n');
    if (end < 0) {
      this.#hold(text);
      return [];
    }
    const said = this.#take() + text.slice(0, end);
    this.#hold(text.slice(end + 1));
    return this.#lines('host', said.replace(/\r$/, ''));
  }

  #hold(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#held += piece.length;
  }

  #take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#held = 0;
    return text;
  }

  #information(record: PSValue): OutputLine[] {
    const data = property(record, 'MessageData') ?? null;
    const message = property(data, 'Message');
    const text = this.#textOf(typeof message === 'string' ? message : data);
    const written = property(data, 'NoNewLine') === true ? text : `${text}\n`;
    if (this.#isTwin('information', written)) return [];
    return isForHost(record) ? this.#write(written) : this.#lines('information', text);
  }

  /** Whether this was just said by the other way; if not, it is remembered for when it will be. */
  #isTwin(way: 'host' | 'information', text: string): boolean {
    const other = this.#twins[way === 'host' ? 'information' : 'host'];
    const at = other.indexOf(text);
    if (at >= 0) {
      other.splice(at, 1);
      return true;
    }
    const own = this.#twins[way];
    own.push(text);
    if (own.length > MAX_TWINS) own.shift();
    return false;
  }

  #progressLine(record: PSValue): OutputLine[] {
    const text = progressText(record, this.#limits, (value) => this.#textOf(value));
    if (text === '' || text === this.#progress) return [];
    this.#progress = text;
    return [{ stream: 'progress', text }];
  }

  #hostCall(call: HostCall): OutputLine[] {
    if (!call.isAnswered) return [];
    const words = call.parameters
      .filter((parameter) => typeof parameter === 'string' && parameter !== '')
      .map((parameter) => this.#textOf(parameter));
    const said = words.length > 0 ? `: ${words.join(' · ')}` : '';
    return this.#lines('host', `The command waits for an answer (${call.method}${said})`);
  }

  /** `Get-Item: Cannot find …`, then category and id as PowerShell's NormalView has them. */
  #errorLines(error: PSValue): OutputLine[] {
    const text = (name: string) => {
      const value = property(error, name);
      return typeof value === 'string' ? plainLine(value, this.#limits) : '';
    };
    const activity = text('ErrorCategory_Activity');
    const message = errorText(error) || this.#textOf(error);
    const lines = this.#lines('error', `${activity ? `${activity}: ` : ''}${message}`);
    const category = text('ErrorCategory_Message');
    const id = text('FullyQualifiedErrorId');
    if (category) lines.push({ stream: 'error', text: `    + CategoryInfo          : ${category}` });
    if (id) lines.push({ stream: 'error', text: `    + FullyQualifiedErrorId : ${id}` });
    return lines;
  }

  /** Of warnings, verbose and debug records. */
  #messageOf(record: PSValue): string {
    const message = property(record, 'InformationalRecord_Message');
    return this.#textOf(typeof message === 'string' ? message : record);
  }

  #textOf(value: PSValue): string {
    return typeof value === 'string' ? value : toText(value, this.#zone);
  }

  #lines(stream: StreamName, text: string): OutputLine[] {
    return plainLines(text, this.#limits).map((line) => ({ stream, text: line }));
  }
}

function isForHost(record: PSValue): boolean {
  const tags = property(record, 'Tags');
  const base = isObject(tags) ? tags.base : undefined;
  return typeof base === 'object' && 'items' in base && base.items.includes('PSHOST');
}

/** One line; nothing when the activity is over. A record is a bag in PROGRESS_RECORD, and a `PR` elsewhere. */
function progressText(record: PSValue, limits: TextLimits, textOf: (value: PSValue) => string): string {
  if (isObject(record)) {
    const text = (name: string) => textOf(property(record, name) ?? null);
    const percent = property(record, 'PercentComplete');
    return text('Type') === 'Completed'
      ? ''
      : progressLine(
          text('Activity'),
          percent,
          [text('StatusDescription'), text('CurrentOperation')],
          limits,
        );
  }
  if (typeof record !== 'object' || record?.type !== 'ProgressRecord' || record.recordType === 'Completed')
    return '';
  return progressLine(
    record.activity,
    record.percentComplete,
    [record.statusDescription, record.currentOperation ?? ''],
    limits,
  );
}

function progressLine(
  activity: string,
  percent: PSValue | undefined,
  words: readonly string[],
  limits: TextLimits,
): string {
  const shown = typeof percent === 'number' && percent >= 0 ? `${percent} %` : '';
  return plainLine([`${activity}:`, shown, ...words].filter((word) => word !== '').join(' '), limits);
}
