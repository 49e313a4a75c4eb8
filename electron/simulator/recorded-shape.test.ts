import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { announceSkip } from '../../e2e/peers/skip.ts';
import { parseXml } from '../winrm/parse-xml.ts';
import type { XmlElement } from '../winrm/xml.ts';
import { SimulatedComputer } from './computer.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './simulated-time.ts';

const RECORDINGS = join(import.meta.dirname, '../../../shared/recordings');
const missing = announceSkip(
  'the shape of recorded answers',
  existsSync(RECORDINGS) ? undefined : '../shared/recordings is not here',
);

const CALLER = { owner: 'WIN-NNMU24VVKJ0\\vagrant', clientIP: '10.0.2.2', isAdministrator: true };

interface Recorded {
  readonly request: string;
  readonly response: string;
}

/** These files hold each envelope on one line, plain or in single quotes. */
function read(name: string): Recorded[] {
  const value = (text: string | undefined) =>
    text?.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : (text ?? '');
  return readFileSync(join(RECORDINGS, name), 'utf8')
    .split(/^- /m)
    .slice(1)
    .map((message) => ({
      request: value(/^ *request: (.*)$/m.exec(message)?.[1]),
      response: value(/^ *response: (.*)$/m.exec(message)?.[1]),
    }));
}

/** Elements with their prefixes and attributes, in order, repetitions once; what stands in them does not count. */
function shape({ prefix, name, attributes, children }: XmlElement): string {
  const named = [...attributes.keys()].filter((key) => key !== 'f').join(' ');
  const inside = children.map(shape).filter((one, i, all) => one !== all[i - 1]);
  return `${prefix}:${name}${named && `[${named}]`}${inside.length > 0 ? `(${inside.join(' ')})` : ''}`;
}

function forget(computer: SimulatedComputer, response: string): void {
  for (const shell of computer.shells.all) {
    if (response.includes('command identifier')) shell.commands.clear();
    else computer.shells.remove(shell);
  }
}

/** Only newer computers send an ActivityId. */
const shapeOf = (soap: string) => shape(parseXml(soap)).replace('p:ActivityId ', '');

describe.skipIf(missing)(
  'Asked what a recorded computer was asked, the simulated one answers in the same shape:',
  () => {
    test.each([
      ['test_psrp_disconnect_runspaces.yml', 20],
      ['test_psrp_open_runspace.yml', 3],
      ['test_psrp_is_alive_invalid_selectors.yml', 5],
      ['test_psrp_is_alive_state_disconnected.yml', 4],
      ['test_psrp_error_failed.yml', 6],
      ['test_psrp_multiple_commands.yml', 8],
      ['test_psrp_receive_failure.yml', 4],
    ])('%s', async (name, least) => {
      const time = new SimulatedTime(1_700_000_000_000);
      const random = new Random(7);
      const computer = new SimulatedComputer('127.0.0.1', {
        now: time.now,
        delay: time.delay,
        newGuid: () => random.guid(),
      });
      let compared = 0;
      for (const { request, response } of read(name)) {
        // Of these shells and commands the recorded computer had lost the last.
        if (response.includes('faultDetail/UnexpectedSelectors')) forget(computer, response);
        const leaving = new AbortController();
        const answer = computer.answer(request, CALLER, leaving.signal).catch(() => undefined);
        await time.pass(0);
        // The recorded computer cut what it said into other answers; here nothing is left to say.
        if (time.waiting > 0) leaving.abort();
        const soap = (await answer)?.soap;
        compared++;
        if (soap === undefined) continue;
        expect(shapeOf(soap)).toBe(shapeOf(response));
      }
      expect(compared).toBeGreaterThanOrEqual(least);
    });
  },
);
