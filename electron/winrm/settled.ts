/** Settles with `work`, and keeps nothing of it: what the next one waits on must not keep the last answer. */
export const settled = (work: Promise<unknown>): Promise<void> => work.then(nothing, nothing);

const nothing = () => undefined;
