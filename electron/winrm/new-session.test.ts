import { beforeEach, describe, expect, test } from 'vitest';
import type { PowerShellPlugin } from '../simulator/powershell-plugin.ts';
import { concealingIn } from './concealing.ts';
import { WinRMError } from './error.ts';
import { CALLER, ID, NEW, NewSessionLab } from './new-session-fixture.ts';
import { primitiveDictionary } from './psrp/primitive-dictionary.ts';

let lab: NewSessionLab;
beforeEach(() => {
  lab = new NewSessionLab();
});

describe('a session that is made', () => {
  test('is Opened and Available to its client, and in use to all others', async () => {
    const made = await lab.client().create(NEW);
    expect(made.session).toMatchObject({
      id: 7,
      name: 'made',
      instanceId: ID,
      state: 'Opened',
      availability: 'Available',
      configurationName: 'Microsoft.PowerShell',
      shell: { owner: CALLER.owner, state: 'Connected', profileLoaded: 'Yes' },
    });
    const { sessions } = await lab.client().list({}, { strict: true });
    expect(sessions).toMatchObject([{ name: 'made', state: 'Disconnected', availability: 'Busy' }]);
  });

  test('is told without the password that the answer to its Create says', async () => {
    const said = concealingIn({ username: 'bob', password: CALLER.owner });
    const conceal = { said, listed: said, error: (error: unknown) => error };
    const { session } = await lab.client({ conceal }).create(NEW);
    expect(session.shell).toMatchObject({ shellId: ID, owner: '(hidden)', clientIP: CALLER.clientIP });
  });

  test('is asked for as Windows’ client asks but for two things: no PSVersion behind the address, no compression', async () => {
    const options = { noMachineProfile: true, openTimeoutMs: 33_000 };
    const leave = { idleTimeoutMs: 120_000, bufferMode: 'Drop' } as const;
    await lab.client({ make: options, leave }).create({ ...NEW, configurationName: 'PowerShell.7' });
    const [, create = ''] = lab.asked;
    expect(create).toContain('>http://schemas.microsoft.com/powershell/PowerShell.7</w:ResourceURI>');
    expect(create).toContain('<a:To>http://web01/wsman</a:To>');
    expect(create).not.toContain('CompressionType');
    expect(create).toContain('<w:OperationTimeout>PT33.000S</w:OperationTimeout>');
    expect(create).toContain(
      '<w:OptionSet s:mustUnderstand="true"><w:Option Name="protocolversion" MustComply="true">2.3</w:Option><w:Option Name="WINRS_NOPROFILE">1</w:Option></w:OptionSet>',
    );
    expect(create).toMatch(
      /<s:Body><rsp:Shell Name="made" ShellId="B6631D8E-65A0-49F2-9053-A1B156C95777"><rsp:IdleTimeOut>PT120\.000S<\/rsp:IdleTimeOut><rsp:InputStreams>stdin pr<\/rsp:InputStreams><rsp:OutputStreams>stdout<\/rsp:OutputStreams><rsp:BufferMode>Drop<\/rsp:BufferMode><creationXml /,
    );
    const { settings } = lab.computer.shells.get(ID.toUpperCase())!;
    expect(settings).toMatchObject({ profileLoaded: false, idleTimeoutMs: 120_000, bufferMode: 'Drop' });
  });

  test('keeps long arguments, which a Create has no room for', async () => {
    const text = 'x'.repeat(100_000);
    await lab.client().create({ ...NEW, applicationArguments: primitiveDictionary([['text', text]]) });
    expect(lab.actions().slice(0, 5)).toEqual(['Create', 'Send', 'Send', 'Send', 'Receive']);
    const { plugin } = lab.computer.shells.get(ID.toUpperCase())!;
    const { applicationArguments } = plugin as PowerShellPlugin; // every shell of a configuration has one
    expect(JSON.stringify(applicationArguments)).toContain(text);
  });

  test('opens though an answer is lost on the way, where the computer gives it again', async () => {
    lab.wrong({ action: 'Receive', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    expect((await lab.settled(lab.client().create(NEW))).session).toMatchObject({ state: 'Opened' });
    expect(lab.actions()).not.toContain('Delete');
  });

  test('can be left and ended by its client', async () => {
    const made = await lab.client().create(NEW);
    await made.disconnect();
    expect((await lab.client().list({}, { strict: true })).sessions).toMatchObject([
      { availability: 'None' },
    ]);
    await made.remove();
    expect(lab.computer.shells.all).toEqual([]);
  });
});

describe('the account is judged by a question that makes nothing', () => {
  test('comes first', async () => {
    await lab.client().create(NEW);
    expect(lab.asked.map((soap) => soap.includes('<wsmid:Identify/>')).slice(0, 2)).toEqual([true, false]);
  });

  test('and ends there where it is refused', async () => {
    lab.wrong({ action: 'Identify', times: 1, wrong: { kind: 'fault', code: 5 } });
    await expect(lab.client().create(NEW)).rejects.toMatchObject({ kind: 'denied' });
    expect(lab.actions()).toEqual([]);
  });

  test('or where its answer is lost: nothing is sent after it', async () => {
    lab.wrong({ action: 'Identify', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(lab.client().create(NEW)).rejects.toMatchObject({ kind: 'unreachable' });
    expect([lab.actions(), lab.perhaps]).toEqual([[], []]);
  });

  test('but a computer that has no answer to it may have one to a Create', async () => {
    lab.wrong({ action: 'Identify', times: 1, wrong: { kind: 'fault', code: 2150858771 } });
    expect((await lab.client().create(NEW)).session.name).toBe('made');
  });
});

test('of what did not come within OpenTimeout each says itself which that was', async () => {
  const failing = (wrong?: WinRMError) => {
    lab = new NewSessionLab();
    let now = 0;
    lab.onTheWay = () => {
      now += 900;
      if (wrong) throw wrong;
    };
    const client = lab.client({ make: { openTimeoutMs: 500 }, now: () => now });
    return lab.settled(client.create(NEW));
  };
  const away = new WinRMError('unreachable', 'It did not take the connection within 500 ms.', {
    network: 'before',
  });
  await expect(failing(away)).rejects.toBe(away);
  expect(lab.actions()).toEqual([]);
  await expect(failing()).rejects.toThrow('before the session was asked for');
  expect(lab.actions()).toEqual([]);
});
