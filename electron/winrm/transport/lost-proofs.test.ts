import { expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { UNHEARD } from './login.ts';
import { LostProofs } from './lost-proofs.ts';

const place = (hostname: string, port: number): Endpoint => ({
  scheme: 'http',
  hostname,
  port,
  path: '/wsman',
});
const sentOn = new WinRMError('protocol', 'It redirects.', { location: 'http://web01:81/' });

/** Those places got a proof each, and sent on. */
function shown(...places: Endpoint[]): LostProofs {
  const proofs = new LostProofs();
  for (const one of places) {
    const proof = proofs.at(one);
    proof.watch(UNHEARD).ended();
    proof.failed(sentOn);
  }
  return proofs;
}
const why = (proofs: LostProofs, to: Endpoint) => proofs.whyNoOther(to, 'It')?.[0];

test('a place that sent on gets no other proof, another port of its host gets one, and a third none', () => {
  const first = place('web01', 80);
  expect(why(shown(first), first)).toMatch(/^It was shown the password by then/);
  expect(why(shown(first), place('web01', 443))).toBeUndefined();
  const both = shown(first, place('web01', 443));
  expect(why(both, place('web01', 8443))).toMatch(/^It was shown the password twice by then/);
  expect(why(both, place('web02', 80))).toBeUndefined();
});

test('a host is the same in capitals, and with the dot at the end of its name', () => {
  const both = shown(place('web01.lab.test', 80), place('WEB01.lab.test.', 81));
  expect(why(both, place('Web01.Lab.Test', 82))).toContain('twice');
  expect(why(shown(place('web01', 80)), place('WEB01.', 80))).toContain('by then');
});

test('who says that it took the password is not counted', () => {
  const proofs = shown(place('web01', 80), place('web01', 81));
  proofs.at(place('web01', 81)).watch(UNHEARD).taken('web01:81');
  expect(why(proofs, place('web01', 82))).toBeUndefined();
});
