/** The values of -State (SessionFilterState). Apart from the schemas, so that the window can use them without loading zod. */
export const SESSION_FILTER_STATES = ['All', 'Opened', 'Disconnected', 'Closed', 'Broken'] as const;
