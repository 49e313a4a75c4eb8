import { expect, test } from 'vitest';
import { holdTicket } from './held-ticket.ts';
import { SspiFixture } from './sspi-fixture.ts';
import { SspiSession } from './sspi-session.ts';

function setup() {
  const fixture = new SspiFixture();
  const handle = Buffer.alloc(16);
  const ticket = holdTicket(handle, 'alice@LAB.TEST', () => fixture.sspi.FreeCredentialsHandle(handle));
  const session = new SspiSession(fixture.sspi, ticket, 'HTTP/web01', undefined);
  ticket.release();
  return { ...fixture, fixture, session };
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

async function complete() {
  const made = setup();
  await made.session.step();
  await made.session.step(bytes('answer'));
  return made;
}

test('two steps make a context; each token is copied and given back, and in the end all else', async () => {
  const { session, given, freed } = setup();
  expect(await session.step()).toEqual(bytes('token 1'));
  expect(session.complete).toBe(false);
  expect(await session.step(bytes('answer'))).toEqual(bytes('token 2'));
  expect(session.complete).toBe(true);
  expect(given).toEqual([undefined, 'answer']);
  expect(freed.filter((what) => what.startsWith('buffer'))).toHaveLength(2);
  session.release();
  session.release();
  expect(freed.slice(2)).toEqual(['context', 'ticket']);
  await expect(session.step()).rejects.toMatchObject({ kind: 'internal' });
});

test('a context without mutual authentication or sealing is none', async () => {
  const { session, fixture } = setup();
  fixture.behaviour.attributes = 0x2;
  await session.step();
  await expect(session.step(bytes('answer'))).rejects.toThrow('without proving itself');
  expect(session.complete).toBe(false);
});

test('that the domain denies the logon may be the password, or the account', async () => {
  const { session, fixture, freed } = setup();
  fixture.behaviour.statuses = [0x8009030c];
  await expect(session.step()).rejects.toMatchObject({
    kind: 'unauthenticated',
    info: {
      detail: 'SSPI 0x8009030C',
      causes: [
        expect.stringContaining('password is wrong'),
        expect.stringContaining('locked, disabled'),
        expect.stringContaining('has expired'),
      ],
    },
  });
  session.release();
  expect(freed).toEqual(['ticket']);
});

test('released while a thread is at it, it is freed once that is done, with what was made late', async () => {
  const { session, fixture, freed, pending } = setup();
  fixture.isThreaded = true;
  const step = session.step();
  await expect(session.step()).rejects.toMatchObject({ kind: 'internal' });
  session.release();
  expect(freed).toEqual([]);
  pending.shift()?.();
  await step;
  expect(freed).toEqual([expect.stringMatching(/^buffer/), 'context', 'ticket']);
});

test('given up, it goes on unheard: its late result is given back, and nothing before that', async () => {
  const { session, fixture, freed, pending } = setup();
  fixture.isThreaded = true;
  const ending = new AbortController();
  const step = session.step(undefined, ending.signal);
  ending.abort(new Error('enough'));
  await expect(step).rejects.toThrow('enough');
  session.release();
  expect(freed).toEqual([]);
  await expect(session.step()).rejects.toMatchObject({ kind: 'internal' });
  pending.shift()?.();
  expect(freed).toEqual([expect.stringMatching(/^buffer/), 'context', 'ticket']);
});

/** As the computer sends it: the flag says so, and its text is as long as ours. */
function fromComputer({ header, data }: { readonly header: Uint8Array; readonly data: Uint8Array }) {
  const theirs = Uint8Array.from(header);
  theirs[2] = 0x03;
  return { header: theirs, data };
}

test('what is sealed is split as WinRM carries it, and unsealed', async () => {
  const { session } = await complete();
  const sealed = session.wrap(bytes('<soap/>'));
  expect([sealed.header.length, sealed.data.length]).toEqual([60, 7]);
  expect(session.unwrap(fromComputer(sealed)).length).toBe(7);
});

test.each([
  ['is only signed', { quality: 0x80000001 }],
  ['points behind the buffer', { astray: 8 }],
  ['points before the buffer', { astray: -200 }],
])('what %s is not taken for what was said', async (_, behaviour) => {
  const { session, fixture } = await complete();
  const sealed = fromComputer(session.wrap(bytes('<soap/>')));
  Object.assign(fixture.behaviour, behaviour);
  expect(() => session.unwrap(sealed)).toThrow('changed on its way');
});

test('a signature is as long as the library made it, and is checked', async () => {
  const { session } = await complete();
  const signature = session.sign(bytes('list'));
  expect(signature.length).toBe(28);
  expect(() => session.verify(bytes('list'), signature)).not.toThrow();
  expect(() => session.verify(bytes('mist'), signature)).toThrow('changed on its way');
});
