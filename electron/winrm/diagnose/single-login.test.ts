import { expect, test } from 'vitest';
import { listening } from '../transport/login-fixture.ts';
import { SingleLogin } from './single-login.ts';

test('a login of which nobody heard is told from one that never went out', async () => {
  const { ends, beforeLogin } = listening();
  for (const how of ['unjudged', undefined] as const) {
    const attempt = await new SingleLogin('web01', beforeLogin).before(new AbortController().signal);
    attempt.ended(how);
  }
  expect(ends).toEqual(['unjudged', 'lost']);
});
