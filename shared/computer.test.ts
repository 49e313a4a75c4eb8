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
