import { afterEach, describe, expect, test } from 'vitest';
import { WSManClient } from '../../electron/winrm/client.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { PipelineEvent } from '../../electron/winrm/psrp/pipeline.ts';
import { isObject } from '../../electron/winrm/psrp/value.ts';
import { missingReplay, recordings, startReplay } from '../peers/replay.ts';
import type { Replay } from '../peers/replay.ts';
import { announceSkip } from '../peers/skip.ts';
import { speakAgain } from './recorded-conversation.ts';

const missing = announceSkip('recordings of real Windows computers', await missingReplay());
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function clientOf({ port }: Replay): WSManClient {
  const endpoint = { scheme: 'http', hostname: '127.0.0.1', port, path: '/wsman' } as const;
  const channel = () =>
    openChannel(
      endpoint,
      { username: 'vagrant', password: 'anything' },
      { authentication: 'Basic', allowBasicOverHttp: true },
    );
  return new WSManClient({ to: `http://127.0.0.1:${port}/wsman`, channel: channel(), openAnother: channel });
}

/** Speaks the whole recording again, and sees that the recorded computer was asked all that it was asked then. */
async function play(recording: string) {
  const replay = await startReplay(recording);
  const client = clientOf(replay);
  ends.push(
    () => client.close(),
    () => replay.stop(),
  );
  const heard = await speakAgain(client, await replay.requests());
  const { total, served, mismatches } = await replay.status();
  expect(mismatches).toEqual([]);
  expect(served).toBe(total);
  return { ...heard, pool: heard.pool.map((event) => ('state' in event ? event.state : event.kind)) };
}

/** `output: hi`, `Completed`, `ReadLine?`: what a pipeline said, in a word each. */
const inWords = (events: readonly PipelineEvent[]) =>
  events.map((event) => {
    if (event.kind === 'state') return event.state;
    if (event.kind === 'hostCall') return `${event.method}${event.isAnswered ? '?' : ''}`;
    if (event.kind === 'other') return String(event.messageType);
    if (event.kind !== 'record') return event.kind;
    const { stream, value } = event;
    if (stream === 'progress') return stream; // "Preparing modules for first use", as Windows likes to say
    const text = isObject(value) ? (value.text ?? '(object)') : value;
    return `${stream}: ${typeof text === 'object' && text !== null ? text.type : String(text)}`;
  });

const OPENED = ['capability', 'privateData', 'Opened'];

/** What each recording says; the rest of it is asked again as it was asked. */
const SAID: Readonly<Record<string, (heard: Awaited<ReturnType<typeof play>>) => void>> = {
  test_psrp_disconnect_runspaces: ({ pool, shells }) => {
    const connected = ['capability', 'opened', 'Opened'];
    expect(pool).toEqual([...OPENED, ...OPENED, ...connected, ...connected]);
    const [, , first, second] = shells;
    expect([first?.state, second?.state]).toEqual(['Disconnected', 'Disconnected']);
    expect(first).toMatchObject({
      owner: 'WIN-NNMU24VVKJ0\\vagrant',
      idleTimeoutMs: 7_200_000,
      maxIdleTimeoutMs: 2_147_483_647,
      bufferMode: 'Block',
    });
  },
  test_psrp_error_failed: ({ pipeline }) => {
    expect(inWords(pipeline)).toEqual(['progress', 'output: before', 'Failed']);
    expect(pipeline.at(-1)).toMatchObject({ error: { text: 'error' } });
  },
  test_psrp_is_alive_invalid_selectors: ({ shells, faults }) => {
    expect(shells).toHaveLength(2);
    expect(faults).toEqual([2150858843]);
  },
  test_psrp_is_alive_state_disconnected: ({ shells, faults }) => {
    expect(shells.map(({ state }) => state)).toEqual(['Connected', 'Connected', 'Disconnected']);
    expect(faults).toEqual([]);
  },
  test_psrp_long_running_cmdlet: ({ pipeline, receives, empty }) => {
    expect(inWords(pipeline)).toEqual(['output: hi', 'Completed']);
    expect({ receives, empty }).toEqual({ receives: 5, empty: 2 });
  },
  test_psrp_multiple_commands: ({ pipeline }) => {
    expect(inWords(pipeline)).toEqual([
      'output: Hello World',
      'output: SecureString',
      'output: こんにちは - actual_x000A_string\nnewline: \ud801\udc37',
      'output: hi"',
      'output: win-nnmu24vvkj0\\vagrant',
      'output: 123',
      'output: winrm',
      'Completed',
    ]);
  },
  test_psrp_open_runspace: ({ pool }) => expect(pool).toEqual(OPENED),
  test_psrp_pshost_methods: ({ pipeline }) =>
    expect(inWords(pipeline)).toEqual(['output: en-US', 'SetShouldExit', 'Completed']),
  test_psrp_pshost_ui_mocked_methods: ({ pipeline }) => {
    const calls = inWords(pipeline).filter((word) => word.endsWith('?'));
    expect(calls).toEqual([
      'ReadLine?',
      'ReadLineAsSecureString?',
      'Prompt?',
      'PromptForCredential2?',
      'PromptForChoice?',
    ]);
    expect(inWords(pipeline)).toContain('host: WriteLine2\n');
    expect(inWords(pipeline).at(-1)).toBe('Completed');
  },
  test_psrp_receive_failure: ({ faults }) => expect(faults).toEqual([2150858843]),
  'test_psrp_run_protocol_version_2.2': ({ pipeline }) =>
    expect(inWords(pipeline)).toEqual([
      'debug: Start Block',
      'output: error',
      'output: message 1',
      'output: 2',
      'output: (object)',
      'debug: End Block',
      'Completed',
    ]),
  'test_psrp_run_protocol_version_2.3': ({ pipeline }) =>
    expect(inWords(pipeline)).toContain('output: message 1'),
  test_psrp_set_runspaces: ({ pool }) =>
    expect(pool).toEqual([...OPENED, ...Array.from({ length: 6 }, () => 'other')]),
  test_psrp_with_input: ({ pipeline }) => {
    expect(inWords(pipeline)).toContain('output: 2');
    expect(inWords(pipeline).at(-1)).toBe('Completed');
  },
};

describe.skipIf(missing)('A recorded Windows computer is understood', () => {
  test.each(missing ? ['all of them'] : recordings())('%s', async (name) => {
    const said = SAID[name];
    if (!said) throw new Error('Nobody has said what this recording says.');
    said(await play(name));
  });
});
