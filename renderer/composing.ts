interface Press {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** What Chromium calls every key that an input method takes, also the Enter that ends a word of Chinese or Japanese. */
const OF_INPUT_METHOD = 229;

/** Whether a key belongs to a word that is still being composed: then it is none of ours. */
export function isComposing(event: Press | { readonly nativeEvent: Press }): boolean {
  const press = 'nativeEvent' in event ? event.nativeEvent : event;
  return press.isComposing || press.keyCode === OF_INPUT_METHOD;
}
