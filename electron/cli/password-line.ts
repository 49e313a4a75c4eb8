import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { BindingError } from './binding/binding-error.ts';

/** Characters. No system takes a longer password; whoever hands more in has taken the wrong file. */
const LONGEST = 64 * 1024;

/**
 * The first line, without the byte order mark that Windows' editors and PowerShell put before it; '' where there is none.
 *
 * @throws BindingError for a line that is too long to be a password, of which no more is read
 */
export async function passwordLine(input: Readable): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of input.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer | string>) {
    text += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const end = text.search(/[\r\n]/);
    if ((end < 0 ? text.length : end) > LONGEST) throw tooLong();
    if (end >= 0) return withoutMark(text.slice(0, end));
  }
  return withoutMark(text + decoder.end());
}

const withoutMark = (line: string) => line.replace(/^\uFEFF/, '');

const tooLong = () =>
  new BindingError(
    'PasswordTooLong',
    'The first line of standard input is longer than 64 KB and can be no password. Nothing was sent. Hand in the password alone, with the end of its line.',
  );
