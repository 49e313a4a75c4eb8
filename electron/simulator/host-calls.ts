import { enumValue } from '../winrm/psrp/enum-value.ts';
import { HOST_METHODS } from '../winrm/psrp/host-call.ts';
import type { HostMethod } from '../winrm/psrp/host-call.ts';
import { property, psObject } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import type { RecordStream } from './step.ts';

/** Of calls that nobody answers. */
const VOID_CALL = -100n;

/** Whether a message's HostInfo says that the client has a PSHost of its own (MS-PSRP 2.2.3.14). */
export function hasHost(data: PSValue | undefined, poolHasHost = false): boolean {
  const info = property(data, 'HostInfo');
  if (property(info, '_useRunspaceHost') === true) return poolHasHost;
  return property(info, '_isHostNull') === false;
}

/** What PowerShell tells the client's host beside the record itself; nothing for most streams. */
export function hostCallFor(stream: RecordStream, value: PSValue): PSValue | undefined {
  const text = property(value, 'InformationalRecord_Message') ?? '';
  switch (stream) {
    case 'warning':
      return call('WriteWarningLine', [text]);
    case 'verbose':
      return call('WriteVerboseLine', [text]);
    case 'debug':
      return call('WriteDebugLine', [text]);
    case 'progress':
      return call('WriteProgress', [1n, value]);
    case 'information': {
      const message = property(property(value, 'MessageData'), 'Message');
      return typeof message === 'string' ? call('WriteLine2', [message]) : undefined;
    }
    default:
      return undefined;
  }
}

const call = (method: HostMethod, parameters: readonly PSValue[]): PSValue =>
  psObject({
    extended: {
      ci: VOID_CALL,
      mi: enumValue(
        'System.Management.Automation.Remoting.RemoteHostMethodId',
        method,
        HOST_METHODS.indexOf(method),
      ),
      mp: psObject({
        typeNames: ['System.Collections.ArrayList', 'System.Object'],
        base: { type: 'List', items: parameters },
      }),
    },
  });
