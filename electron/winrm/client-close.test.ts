import { beforeEach, describe, expect, test } from 'vitest';
import { ask, echo } from './client-fixture.ts';
import { WSManClient } from './client.ts';
import type { Channel } from './client.ts';
import { WinRMError } from './error.ts';

describe('a client that is closed opens nothing more, and says that nothing was sent:', () => {
  const closed = { kind: 'cancelled', message: 'The connection was closed.' };
  let opened = 0;
  let unsent = 0;
  const told = { unsent: () => unsent++ };
  const openAnother = () => (opened++, echo().channel);
  beforeEach(() => (opened = unsent = 0));

  test('for what overtakes a waiting Receive', async () => {
    const channel: Channel = { post: () => new Promise(() => undefined), close: () => undefined };
    const client = new WSManClient({ to: 'http://h/wsman', channel, openAnother });
    void client.send({ ...ask, action: 'Receive' });
    client.close();
    await expect(client.send({ ...ask, overtakes: true }, undefined, told)).rejects.toMatchObject(closed);
    expect([opened, unsent]).toEqual([0, 1]);
  });

  test('where a redirection comes meanwhile, which is not followed', async () => {
    let followed = 0;
    const channel: Channel = {
      post: () => {
        client.close();
        return Promise.reject(new WinRMError('protocol', 'moved', { location: 'http://i/wsman' }));
      },
      close: () => undefined,
    };
    const redirect = () => (followed++, { to: 'http://i/wsman' });
    const client = new WSManClient({ to: 'http://h/wsman', channel, openAnother, redirect });
    await expect(client.send(ask, undefined, told)).rejects.toMatchObject(closed);
    expect([opened, unsent, followed]).toEqual([0, 1, 0]);
  });
});
