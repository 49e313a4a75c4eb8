const TEXT_KEYS = /^Ctrl\+(?:[ACDVXYZ]|Shift\+[CZ])$/;

/** Whether a chord of the registry (`Ctrl+Shift+C`) is what a text field does itself. */
export const isTextKey = (chord: string): boolean => TEXT_KEYS.test(chord);
