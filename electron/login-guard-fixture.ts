import { HandTimer } from './hand-timer-fixture.ts';
import { LoginGuard } from './login-guard.ts';
import type { LoginAttempt } from './winrm/index.ts';

export const ME = { username: 'LAB\\me', password: 'secret' };
export const settled = () => new Promise(setImmediate);

/** Computers that come to the gate one after the other, and what became of each. */
export function setup() {
  const clock = new HandTimer();
  const changes: string[][] = [];
  const guard: LoginGuard = new LoginGuard({
    timer: clock.timer,
    changed: () => changes.push(guard.stopped),
  });
  const out: LoginAttempt[] = [];
  const errors: unknown[] = [];
  const come = async (count = 1, signal?: AbortSignal, credential = ME) => {
    for (let i = 0; i < count; i++) {
      void guard
        .gate(credential)
        .before(signal ?? new AbortController().signal)
        .then(
          (attempt) => out.push(attempt),
          (error: unknown) => errors.push(error),
        );
    }
    await settled();
  };
  const say = async (index: number, what: 'taken' | 'refused' | 'ended' | 'unjudged') => {
    if (what === 'unjudged') out[index]!.ended(what);
    else out[index]![what]();
    out[index]!.ended();
    await settled();
  };
  return { clock, guard, out, errors, come, say, changes };
}
