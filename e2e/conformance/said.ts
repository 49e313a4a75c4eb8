import type { PipelineEvent } from '../../electron/winrm/index.ts';
import { isObject } from '../../electron/winrm/psrp/value.ts';
import type { PSValue } from '../../electron/winrm/psrp/value.ts';

/** What came on a stream: plain values as they are, objects by their text. */
export function said(events: readonly PipelineEvent[], stream: string): (PSValue | undefined)[] {
  return events.flatMap((event) => {
    if (event.kind !== 'record' || event.stream !== stream) return [];
    return [isObject(event.value) ? event.value.text : event.value];
  });
}
