/** The type of what we send. */
export const SOAP_TYPE = 'application/soap+xml;charset=UTF-8';
/** With UseUTF16: little-endian after its mark, without which DSP0226 does not take it. */
export const SOAP_TYPE_UTF16 = 'application/soap+xml;charset=UTF-16';

/** A Buffer of Node's pool: memory of its own for each request costs a sweep much. */
export const encodeSoap = (text: string, useUTF16: boolean | undefined): Uint8Array =>
  useUTF16 ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text, 'utf8');
