import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { LoginGuard } from '../../../login-guard.ts';
import { ALICE } from '../../auth/credssp/acceptor-fixture.ts';
import { WinRMError } from '../../error.ts';
import { openComputer } from '../../index.ts';
import { NEW } from '../../new-session-fixture.ts';
import { lostNoProof } from '../../no-proof-lost.ts';
import { openChannel } from '../connection.ts';
import { handedOver } from '../handed-over.ts';
import { HANDED_OVER_FOR_MS, LostProof } from '../lost-proof.ts';
import { closeRawServers } from '../raw-server-fixture.ts';
import { computerFixture } from './computer-fixture.ts';

afterEach(closeRawServers);

const made = await generate([{ name: 'commonName', value: 'WEB01' }], { keySize: 2048 });
const identity = { cert: made.cert, key: made.private };
const never = new AbortController().signal;
const HANDED = 'It had been handed the password by then.';

describe.each([
  ['closes the connection', ''],
  ['answers 503', '503 No'],
  ['answers 404', '404 No'],
  ['answers 500', '500 No'],
  ['answers 403', '403 No'],
  ['refuses', '401 No'],
])('a computer that gets the password and %s', (_, last) => {
  test('is handed it once by New-PSSession, however often that tries', async () => {
    const { endpoint, delegated } = await computerFixture({ identity, last });
    const { before: beforeLogin } = new LoginGuard().of(ALICE);
    const remote = openComputer({
      computerName: '127.0.0.1',
      credential: ALICE,
      options: {
        port: endpoint.port,
        authentication: 'Credssp',
        sessionOption: { maxConnectionRetryCount: 3 },
      },
      beforeLogin,
    });
    await expect(remote.create(NEW)).rejects.toMatchObject({
      message: expect.stringContaining(HANDED) as string,
    });
    remote.close();
    expect(delegated().filter((one) => one !== undefined)).toHaveLength(1);
  });

  test('is not asked again at once, and is later', async () => {
    const { endpoint, delegated } = await computerFixture({ identity, last });
    let now = 0;
    const lostProof = new LostProof(() => now);
    const channel = openChannel(endpoint, ALICE, { authentication: 'Credssp', lostProof });
    const ask = () => channel.post('<a/>', never).catch((error: unknown) => error);
    const first = await ask();
    expect(first).toMatchObject({ message: expect.stringContaining(HANDED) as string });
    expect([lostNoProof(first), (first as WinRMError).info.network]).toEqual([false, undefined]);
    expect(JSON.stringify((first as WinRMError).info)).not.toContain('nothing was asked');
    expect(await ask()).toMatchObject({
      message: expect.stringContaining('It is not handed it again at once.') as string,
    });
    expect(delegated()).toHaveLength(1);
    now = HANDED_OVER_FOR_MS;
    await ask();
    expect(delegated()).toHaveLength(2);
    channel.close();
  });
});

test('what a person stops is as it was, and a limit of time counts', () => {
  const lost = new LostProof(() => 0);
  const stopped = new WinRMError('cancelled', 'Enough.');
  expect(handedOver(stopped)).toBe(stopped);
  expect([lost.failed(stopped), lost.isOut]).toEqual([false, false]);
  const late = new WinRMError('timeout', 'It is late.');
  expect(handedOver(late)).toBe(late);
  expect([lost.failed(late), lost.isOut]).toEqual([true, true]);
});
