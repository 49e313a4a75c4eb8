import { loadKoffi } from '../../electron/winrm/transport/kerberos/koffi.ts';
import { makeRealm, missingRealm } from '../../e2e/peers/kerberos/realm.ts';
import type { Realm } from '../../e2e/peers/kerberos/realm.ts';

export const ALICE = { username: 'alice@LAB.TEST', password: 'Passw0rd!' };
const CIPHER = 'aes256-cts-hmac-sha1-96';

/** One line why no Kerberos is measured here; undefined where it is. */
export const missingKerberos = (): string | undefined =>
  process.platform === 'linux' ? missingRealm() : 'the KDC is set up on Linux alone';

/** A realm with alice, who has a ticket, and one service; this process sees it as its own. All of it is AES-256 with SHA-1. */
export async function startRealm(): Promise<Realm> {
  loadKoffi(); // without it nothing is measured, so nothing is started
  const realm = await makeRealm({
    commands: [`addprinc -pw ${ALICE.password} alice`],
    services: ['HTTP/localhost'],
  });
  await realm.start();
  const only = realm.configuration('bench.conf', (text) =>
    text.replace('[realms]', ` permitted_enctypes = ${CIPHER}\n[realms]`),
  );
  Object.assign(process.env, realm.env, { KRB5_CONFIG: only });
  realm.kinit('alice', ALICE.password);
  return realm;
}
