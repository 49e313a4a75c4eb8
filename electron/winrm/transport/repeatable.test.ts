import { expect, test } from 'vitest';
import { xml } from '../xml.ts';
import type { Action } from '../wsman/request.ts';
import { toSoap } from '../wsman/request.ts';
import { changesNothing, isRepeatable } from './repeatable.ts';

const soapOf = (action: Action, text = '') =>
  toSoap(
    { action, resourceUri: 'r', body: xml`<x>${text}</x>` },
    {
      to: 'http://h/wsman',
      messageId: '1',
      sessionId: '2',
      operationId: '3',
      maxEnvelopeSizeBytes: 1,
      operationTimeoutMs: 1,
      locale: 'en-US',
    },
  );

test.each(['Enumerate', 'Get', 'Identify'] as const)('%s changes nothing and may be repeated', (action) => {
  expect([isRepeatable(soapOf(action)), changesNothing(soapOf(action))]).toEqual([true, true]);
});

test.each(['Pull', 'Create', 'Delete', 'Command', 'Send', 'Receive', 'Signal', 'Disconnect'] as const)(
  '%s is not repeated, whatever stands in its body',
  (action) => {
    expect(isRepeatable(soapOf(action, '<a:Action>x/Get</a:Action><wsmid:Identify/>'))).toBe(false);
  },
);

test.each([
  ['Pull', true],
  ['Release', true],
  ['Create', false],
  ['Delete', false],
  ['Receive', false],
  ['Disconnect', false],
] as const)('that %s changes nothing is %s', (action, isQuestion) => {
  expect(changesNothing(soapOf(action, '<a:Action>x/Get</a:Action>'))).toBe(isQuestion);
});
