import { broken } from './broken.ts';
import { isObject, property } from './value.ts';
import type { PSValue } from './value.ts';

/** RemoteHostMethodId (MS-PSRP 2.2.3.17), by number; the first is 1. */
export const HOST_METHODS = [
  '',
  'GetName',
  'GetVersion',
  'GetInstanceId',
  'GetCurrentCulture',
  'GetCurrentUICulture',
  'SetShouldExit',
  'EnterNestedPrompt',
  'ExitNestedPrompt',
  'NotifyBeginApplication',
  'NotifyEndApplication',
  'ReadLine',
  'ReadLineAsSecureString',
  'Write1',
  'Write2',
  'WriteLine1',
  'WriteLine2',
  'WriteLine3',
  'WriteErrorLine',
  'WriteDebugLine',
  'WriteProgress',
  'WriteVerboseLine',
  'WriteWarningLine',
  'Prompt',
  'PromptForCredential1',
  'PromptForCredential2',
  'PromptForChoice',
  'GetForegroundColor',
  'SetForegroundColor',
  'GetBackgroundColor',
  'SetBackgroundColor',
  'GetCursorPosition',
  'SetCursorPosition',
  'GetWindowPosition',
  'SetWindowPosition',
  'GetCursorSize',
  'SetCursorSize',
  'GetBufferSize',
  'SetBufferSize',
  'GetWindowSize',
  'SetWindowSize',
  'GetWindowTitle',
  'SetWindowTitle',
  'GetMaxWindowSize',
  'GetMaxPhysicalWindowSize',
  'GetKeyAvailable',
  'ReadKey',
  'FlushInputBuffer',
  'SetBufferContents1',
  'SetBufferContents2',
  'GetBufferContents',
  'ScrollBufferContents',
  'PushRunspace',
  'PopRunspace',
  'GetIsRunspacePushed',
  'GetRunspace',
  'PromptForChoiceMultipleSelection',
] as const;
export type HostMethod = Exclude<(typeof HOST_METHODS)[number], ''>;

/** These return something, so the computer waits for a HOST_RESPONSE. */
const ANSWERED = /^(?:Get|Read|Prompt)/;

/** A call of the PSHost (MS-PSRP 2.2.2.27). */
export interface HostCall {
  readonly callId: bigint;
  readonly method: HostMethod;
  readonly parameters: readonly PSValue[];
  /** Whether the computer waits for an answer. */
  readonly isAnswered: boolean;
}

/** @throws WinRMError 'protocol' for a method that does not exist */
export function readHostCall(data: PSValue | undefined): HostCall {
  const callId = property(data, 'ci');
  const id = property(data, 'mi');
  const number = isObject(id) ? id.base : id;
  const method = typeof number === 'number' ? HOST_METHODS[number] : undefined;
  if (typeof callId !== 'bigint' || !method) throw broken('a host call that does not exist');
  const list = property(data, 'mp');
  const base = isObject(list) ? list.base : undefined;
  const parameters = typeof base === 'object' && 'items' in base ? base.items : [];
  return { callId, method, parameters, isAnswered: ANSWERED.test(method) };
}
