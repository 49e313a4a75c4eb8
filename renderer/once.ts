/** Remembers the last answer for the same inputs: what is derived is never stored, and never derived twice. */
export function once<A extends readonly unknown[], R>(derive: (...inputs: A) => R): (...inputs: A) => R {
  let last: { inputs: A; answer: R } | undefined;
  return (...inputs) => {
    if (!last || inputs.some((input, i) => input !== last!.inputs[i]))
      last = { inputs, answer: derive(...inputs) };
    return last.answer;
  };
}
