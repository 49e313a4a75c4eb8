const MARK = '…';

/**
 * No more of a server's text than so many characters. It shows where it is cut, or what is left of a secret there could
 * not be told from other text; see concealing.ts.
 */
export const cut = (text: string, most: number): string =>
  text.length > most ? text.slice(0, most - MARK.length) + MARK : text;
