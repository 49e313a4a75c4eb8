// Apart from the schemas, so that the window keeps to them without loading zod.

/** Sessions, or computers, that one request may name. */
export const MOST_AT_ONCE = 20_000;
/** Characters of an item in the system's menu bar. */
export const LONGEST_MENU_LABEL = 200;
