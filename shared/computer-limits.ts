// Apart from the schemas, so that the window can use them without loading zod.

/** Characters of the name of a group, a view or a credential. */
export const LONGEST_NAME = 100;
/** Characters of a computer's path, its ApplicationName. */
export const LONGEST_PATH = 255;
/** Places that one computer may be allowed to send on to. */
export const MOST_PLACES = 50;
