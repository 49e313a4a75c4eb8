import type { WSManClient } from '../../electron/winrm/client.ts';
import type { Exchange } from '../../electron/winrm/exchange.ts';
import { WinRMError } from '../../electron/winrm/error.ts';
import { PipelineReader } from '../../electron/winrm/psrp/pipeline.ts';
import type { PipelineEvent } from '../../electron/winrm/psrp/pipeline.ts';
import { PoolReader } from '../../electron/winrm/psrp/runspace-pool.ts';
import type { PoolEvent } from '../../electron/winrm/psrp/runspace-pool.ts';
import {
  connectShell,
  createShell,
  deleteShell,
  disconnectShell,
  getShell,
  receive,
  reconnect,
  send,
  startCommand,
} from '../../electron/winrm/wsman/pool.ts';
import type { NewShell, Received, ShellRef } from '../../electron/winrm/wsman/pool.ts';
import { ACTIONS, NAMESPACES } from '../../electron/winrm/wsman/request.ts';
import type { Action } from '../../electron/winrm/wsman/request.ts';
import { listCommands, listShells, readShell } from '../../electron/winrm/wsman/shell.ts';
import type { ListedShell } from '../../electron/winrm/wsman/shell.ts';
import type { Shell } from '../../shared/session.ts';
import { parseXml } from '../../electron/winrm/parse-xml.ts';
import { child, find, xml } from '../../electron/winrm/xml.ts';
import type { XmlElement } from '../../electron/winrm/xml.ts';

/** What a recorded computer said in the course of a conversation. */
export interface Heard {
  readonly pool: PoolEvent[];
  readonly pipeline: PipelineEvent[];
  /** What Get and Create told of the shell. */
  readonly shells: Shell[];
  readonly faults: (number | undefined)[];
  receives: number;
  /** Receives that timed out on the server. */
  empty: number;
}

interface Recorded {
  readonly action: Action;
  readonly shell: ShellRef;
  readonly body: XmlElement | undefined;
}

/** What was recorded is spoken again by the engine's own exchanges; only what PSRP carries is taken from the recording. */
export async function speakAgain(client: WSManClient, requests: readonly string[]): Promise<Heard> {
  const heard: Heard = { pool: [], pipeline: [], shells: [], faults: [], receives: 0, empty: 0 };
  const pools = new Map<string, PoolReader>();
  const pipelines = new Map<string, PipelineReader>();
  for (const request of requests.map(readRecorded)) {
    try {
      await speak(request);
    } catch (error) {
      if (!(error instanceof WinRMError) || error.faultCode === undefined) throw error;
      heard.faults.push(error.faultCode);
    }
  }
  return heard;

  async function speak({ action, shell, body }: Recorded): Promise<void> {
    const run = <T>(exchange: Exchange<T>) => client.run(exchange);
    const reader = () => readerOf(pools, shell.shellId, () => new PoolReader());
    switch (action) {
      case 'Create': {
        const creationXml = bytesOf(body, 'creationXml');
        const create = body && find(body, 'IdleTimeOut') ? createAsRecorded : createShell;
        heard.shells.push((await run(create({ ...shell, creationXml }))).shell);
        return;
      }
      case 'Connect':
        pools.set(shell.shellId, new PoolReader()); // another client, so another pool on our side
        heard.pool.push(...reader().receive(await run(connectShell(shell, bytesOf(body, 'connectXml')))));
        return;
      case 'Receive': {
        const commandId = body && find(body, 'DesiredStream')?.attributes.get('CommandId');
        const received = await run(receive(shell, commandId));
        count(received);
        for (const chunk of received.chunks) {
          if (commandId === undefined) heard.pool.push(...reader().receive(chunk));
          else
            heard.pipeline.push(...readerOf(pipelines, commandId, () => new PipelineReader()).receive(chunk));
        }
        return;
      }
      case 'Command':
        return run(
          startCommand(
            shell,
            (body && find(body, 'CommandLine')?.attributes.get('CommandId')) ?? '',
            bytesOf(body, 'Arguments'),
          ),
        );
      case 'Send': {
        const stream = body && find(body, 'Stream');
        const name = stream?.attributes.get('Name') === 'pr' ? 'pr' : 'stdin';
        return run(send(shell, bytesOf(body, 'Stream'), stream?.attributes.get('CommandId'), name));
      }
      case 'Get':
        heard.shells.push((await run(getShell(shell))).shell);
        return;
      case 'Disconnect':
        return run(disconnectShell(shell));
      case 'Reconnect':
        return run(reconnect(shell));
      case 'Delete':
        return run(deleteShell(shell));
      case 'Enumerate': {
        const filtered = body && find(body, 'Selector');
        if (filtered) await run(listCommands(filtered.text));
        else heard.shells.push(...(await run(listShells())).map(({ shell: one }) => one));
        return;
      }
      default:
        throw new Error(`No recording holds ${action}.`);
    }
  }

  function count({ chunks }: Received): void {
    heard.receives++;
    if (chunks.length === 0) heard.empty++;
  }
}

function readRecorded(soap: string): Recorded {
  const envelope = parseXml(soap);
  const header = child(envelope, 'Header');
  const body = child(envelope, 'Body');
  const text = (name: string) => (header && find(header, name)?.text.trim()) ?? '';
  const action = (Object.keys(ACTIONS) as Action[]).find((name) => ACTIONS[name] === text('Action'));
  if (!action) throw new Error(`The recording asks ${text('Action')}.`);
  const shellId = text('Selector') || ((body && find(body, 'Shell')?.attributes.get('ShellId')) ?? '');
  return { action, body, shell: { shellId, resourceUri: text('ResourceURI') } };
}

/** Windows' own client, and so ours, puts IdleTimeOut before the streams; the recorded one put it behind them. */
function* createAsRecorded({ shellId, resourceUri, creationXml }: NewShell): Exchange<ListedShell> {
  const { body } = yield {
    action: 'Create',
    resourceUri,
    body: xml`<rsp:Shell ShellId="${shellId}"><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><creationXml xmlns="${NAMESPACES.ps}">${Buffer.from(creationXml).toString('base64')}</creationXml></rsp:Shell>`,
  };
  const shell = find(body, 'Shell');
  if (!shell) throw new Error('The recorded answer holds no shell.');
  return readShell(shell);
}

function bytesOf(body: XmlElement | undefined, name: string): Uint8Array {
  return Buffer.from((body && find(body, name)?.text) ?? '', 'base64');
}

function readerOf<T>(readers: Map<string, T>, id: string, make: () => T): T {
  const reader = readers.get(id) ?? make();
  readers.set(id, reader);
  return reader;
}
