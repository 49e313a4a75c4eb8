import type { AuthenticationMechanism } from '../../shared/computer.ts';
import type { SessionQuery } from '../../shared/query.ts';
import type { Bound } from './binding/convert.ts';
import type { PSSessionOption } from './binding/session-option.ts';
import { isOn, number, text, texts } from './bound-values.ts';
import type { BoundMap } from './bound-values.ts';
import { sessionOptionOf } from './session-options.ts';

/**
 * What a bound command line asks for, as the one query that the engine and the window understand, too.
 *
 * @param creates whether sessions are created with its options
 * @param warn is told of what was asked for and has no effect
 */
export function toSessionQuery(
  bound: BoundMap,
  creates: boolean,
  warn: (sentence: string) => void,
): SessionQuery {
  const fields = bound.get('SessionOption');
  const given = {
    computerName: texts(bound, 'ComputerName'),
    connectionUri: texts(bound, 'ConnectionUri'),
    name: texts(bound, 'Name'),
    instanceId: texts(bound, 'InstanceId'),
    // The binder has converted these two to their enums.
    state: text(bound, 'State') as SessionQuery['state'],
    authentication: text(bound, 'Authentication') as AuthenticationMechanism | undefined,
    configurationName: text(bound, 'ConfigurationName') || undefined,
    applicationName: text(bound, 'ApplicationName') || undefined,
    port: number(bound, 'Port'),
    useSSL: isOn(bound, 'UseSSL') || undefined,
    allowRedirection: isOn(bound, 'AllowRedirection') || undefined,
    credential: text(bound, 'Credential'),
    certificateThumbprint: text(bound, 'CertificateThumbprint') || undefined,
    sessionOption: isFields(fields) ? sessionOptionOf(fields, creates, warn) : undefined,
    throttleLimit: number(bound, 'ThrottleLimit'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export const isFields = (value: Bound | undefined): value is PSSessionOption =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
