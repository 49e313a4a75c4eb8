import { expect, test } from 'vitest';
import { computerSchema, sessionOptionSchema } from './computer.ts';

const computer = {
  id: '00000000-0000-4000-8000-000000000001',
  computerName: 'web01',
  groupIds: [],
  options: {},
  tags: [],
};

test.each(['openTimeout', 'operationTimeout', 'cancelTimeout', 'idleTimeout'])(
  'a %s beyond what PowerShell takes is read as the most, so that a saved computer with one stays readable',
  (name) => {
    const most = 2_147_483_647;
    expect(sessionOptionSchema.parse({ [name]: 2_592_000_000 })).toEqual({ [name]: most });
    expect(sessionOptionSchema.parse({ [name]: most })).toEqual({ [name]: most });
    expect(sessionOptionSchema.parse({ [name]: 90_000 })).toEqual({ [name]: 90_000 });
    const saved = { ...computer, options: { sessionOption: { [name]: 2_592_000_000 } } };
    expect(computerSchema.parse(saved).options.sessionOption).toEqual({ [name]: most });
  },
);

test('white space and controls in a computer’s name are replaced by what is in none, and the computer stays', () => {
  const named = (computerName: string) => computerSchema.parse({ ...computer, computerName }).computerName;
  expect(named('web01:5986 HTTP/1.1\r\nX-Evil: 1\r\nX:')).toBe('web01:5986�HTTP/1.1��X-Evil:�1��X:');
  expect(named('web01\0\x85\u2028')).toBe('web01���');
  expect(named('bücher.example')).toBe('bücher.example');
  expect(named('fe80::1%eth0')).toBe('fe80::1%eth0');
});
