import { expect, test } from 'vitest';
import { OIDS } from './gssapi-library.ts';
import { layOutPrincipal, serviceName } from './service-name.ts';

const asked: string[] = [];
const hostRealm = (host: string) => {
  asked.push(host);
  return 'LAB.TEST';
};
const apple = { addressOf: () => 0n, hostRealm, takesPrincipals: false };

test('a service is named as it was given, without capitals, in the realm that krb5.conf tells for the host', () => {
  const named = (spn: string) => serviceName(spn, apple).bytes.toString();
  expect(named('HTTP/Web01.lab.test')).toBe('HTTP/web01.lab.test@LAB.TEST');
  expect(named('HTTP/web01:5985')).toBe('HTTP/web01:5985@LAB.TEST');
  expect(named('HTTP/::1')).toBe('HTTP/::1@LAB.TEST');
  expect(asked).toEqual(['web01.lab.test', 'web01', '::1']);
  expect(serviceName('HTTP/web01', apple).kind).toBe(OIDS.principalName);
});

test('a krb5_principal lies in memory as krb5.h says', () => {
  const memory = layOutPrincipal(['HTTP', 'web01'], 'LAB', () => 0x1000n);
  const textAt = (at: number) => {
    const from = Number(memory.readBigUInt64LE(at + 8) - 0x1000n);
    return memory.subarray(from, from + memory.readUInt32LE(at + 4)).toString();
  };
  expect(memory.readBigUInt64LE(0)).toBe(0x1008n);
  expect(textAt(8 + 8)).toBe('LAB');
  expect(memory.readBigUInt64LE(8 + 24)).toBe(0x1030n);
  expect([textAt(0x30), textAt(0x40)]).toEqual(['HTTP', 'web01']);
  expect([memory.readInt32LE(8 + 32), memory.readInt32LE(8 + 36)]).toEqual([2, 2]);
});
