/** As much as is kept and shown of what one session said. */
export const MAX_LINES = 50_000;
export const MAX_CHARACTERS = 16_000_000;
