/** `1,200`. Not by toLocaleString, whose first use reads tables for longer than a whole list takes to draw. */
export const figures = (n: number) => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1,200 sessions` */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${figures(n)} ${n === 1 ? one : many}`;
