import { toSoap } from '../../electron/winrm/wsman/request.ts';

/** The least that a computer answers once somebody is signed in. */
export const IDENTIFY = toSoap(
  { action: 'Identify', resourceUri: '' },
  {
    to: '',
    messageId: '',
    sessionId: '',
    operationId: '',
    maxEnvelopeSizeBytes: 0,
    operationTimeoutMs: 0,
    locale: '',
  },
);
