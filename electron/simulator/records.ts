import { enumValue } from '../winrm/psrp/enum-value.ts';
import { psObject } from '../winrm/psrp/value.ts';
import type { PSMembers, PSObject, PSValue } from '../winrm/psrp/value.ts';

const dictionary = (typeName: string): PSObject =>
  psObject({ typeNames: [typeName, 'System.Object'], base: { type: 'Dictionary', entries: [] } });

export interface ErrorParts {
  readonly message: string;
  /** FullyQualifiedErrorId. */
  readonly id: string;
  /** ErrorCategory by name and number. */
  readonly category?: readonly [string, number];
  /** The cmdlet. */
  readonly activity?: string;
  /** .NET type names of the exception, most derived first. */
  readonly exception?: readonly string[];
  readonly target?: string;
}

const HRESULT = -2146233087;

/** An ErrorRecord with the members that a real PowerShell insists on (MS-PSRP 2.2.3.15). */
export function errorRecord({
  message,
  id,
  category = ['NotSpecified', 0],
  activity = '',
  exception = ['System.Exception'],
  target = '',
}: ErrorParts): PSObject {
  const reason = (exception[0] ?? '').replace(/^.*\./, '');
  return psObject({
    typeNames: ['System.Management.Automation.ErrorRecord', 'System.Object'],
    text: message,
    extended: {
      Exception: psObject({
        typeNames: [
          ...exception,
          ...(exception.includes('System.Exception') ? [] : ['System.Exception']),
          'System.Object',
        ],
        text: `${exception[0] ?? ''}: ${message}`,
        adapted: {
          Message: message,
          Data: dictionary('System.Collections.ListDictionaryInternal'),
          InnerException: null,
          TargetSite: null,
          StackTrace: null,
          HelpLink: null,
          Source: null,
          HResult: HRESULT,
        },
      }),
      TargetObject: target || null,
      FullyQualifiedErrorId: id,
      InvocationInfo: null,
      ErrorCategory_Category: category[1],
      ErrorCategory_Activity: activity,
      ErrorCategory_Reason: reason,
      ErrorCategory_TargetName: target,
      ErrorCategory_TargetType: target ? 'String' : '',
      ErrorCategory_Message: `${category[0]}: (${target}:${target ? 'String' : ''}) [${activity}], ${reason}`,
      SerializeExtendedInfo: false,
      ErrorDetails_ScriptStackTrace: 'at <ScriptBlock>, <No file>: line 1',
    },
  });
}

/** A WarningRecord, VerboseRecord or DebugRecord (MS-PSRP 2.2.3.16). */
export function informationalRecord(kind: 'Warning' | 'Verbose' | 'Debug', message: string): PSObject {
  return psObject({
    typeNames: [
      `System.Management.Automation.${kind}Record`,
      'System.Management.Automation.InformationalRecord',
      'System.Object',
    ],
    text: message,
    extended: {
      InformationalRecord_Message: message,
      InformationalRecord_SerializeInvocationInfo: false,
    },
  });
}

/** Ticks of 100 ns between 0001-01-01 and 1970-01-01. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

export const dateTime = (epochMs: number): PSValue => ({
  type: 'DateTime',
  kind: 'Utc',
  ticks: EPOCH_TICKS + BigInt(Math.round(epochMs)) * 10_000n,
});

/** What Write-Information and, tagged PSHOST, Write-Host leave behind; without type names, as PowerShell sends it. */
export function informationRecord(message: PSValue, at: number, tags: readonly string[] = []): PSObject {
  const fromHost = tags.includes('PSHOST');
  return psObject({
    extended: {
      MessageData: fromHost && typeof message === 'string' ? hostMessage(message) : message,
      Source: fromHost ? 'Write-Host' : 'Write-Information',
      TimeGenerated: dateTime(at),
      Tags: psObject({
        typeNames: ['System.Collections.Generic.List`1[[System.String]]', 'System.Object'],
        base: { type: 'List', items: tags },
      }),
      User: 'CONTOSO\\me',
      Computer: 'SIMULATED',
      ProcessId: { type: 'UInt32', value: 2792 },
      NativeThreadId: { type: 'UInt32', value: 1 },
      ManagedThreadId: { type: 'UInt32', value: 1 },
    },
  });
}

const hostMessage = (text: string): PSObject =>
  psObject({
    typeNames: ['System.Management.Automation.HostInformationMessage', 'System.Object'],
    text,
    adapted: { Message: text, NoNewLine: false, ForegroundColor: null, BackgroundColor: null },
  });

export interface ProgressParts {
  readonly activity: string;
  readonly status: string;
  readonly percent?: number;
  readonly secondsRemaining?: number;
  readonly currentOperation?: string;
  readonly completed?: boolean;
  readonly id?: number;
}

/** A ProgressRecord as a message carries it (MS-PSRP 2.2.2.25). */
export function progressRecord(parts: ProgressParts): PSObject {
  return psObject({
    extended: {
      Activity: parts.activity,
      ActivityId: parts.id ?? 0,
      StatusDescription: parts.status,
      CurrentOperation: parts.currentOperation ?? null,
      ParentActivityId: -1,
      PercentComplete: parts.percent ?? -1,
      Type: parts.completed
        ? enumValue('System.Management.Automation.ProgressRecordType', 'Completed', 1)
        : enumValue('System.Management.Automation.ProgressRecordType', 'Processing', 0),
      SecondsRemaining: parts.secondsRemaining ?? -1,
    },
  });
}

/** A custom object with these note properties. */
export function customObject(
  members: PSMembers | Readonly<Record<string, PSValue>>,
  typeName?: string,
): PSObject {
  return psObject({
    typeNames: [
      ...(typeName ? [typeName] : []),
      'System.Management.Automation.PSCustomObject',
      'System.Object',
    ],
    extended: members,
  });
}
