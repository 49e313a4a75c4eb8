/** A client certificate that ends within that time is warned of; milliseconds. Apart from the schemas, for the window. */
export const EXPIRES_SOON_MS = 30 * 86_400_000;
