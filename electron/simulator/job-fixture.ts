/** A session that somebody left with a command at work, for `populate`. */
export const JOB = {
  name: 'job',
  idle: 5,
  ran: 60,
  memoryMB: 50,
  running: 'Get-Inventory',
  output: 'inventory',
} as const;
