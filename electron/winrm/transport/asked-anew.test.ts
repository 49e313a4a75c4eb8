import { expect, test } from 'vitest';
import { untilAskedAnew } from './asked-anew.ts';
import { forgetSilentKdcs } from './kerberos/system-kerberos.ts';

test('what is remembered until a person asks anew is forgotten with the KDCs that did not answer', () => {
  let forgotten = 0;
  untilAskedAnew(() => forgotten++);
  forgetSilentKdcs();
  expect(forgotten).toBe(1);
});
