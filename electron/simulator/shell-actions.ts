import { child, xml } from '../winrm/xml.ts';
import type { Xml } from '../winrm/xml.ts';
import { NAMESPACES, SHELL_URI } from '../winrm/wsman/request.ts';
import type { Caller } from './computer.ts';
import { Fault, FAULTS, faultOf, pluginFault } from './fault.ts';
import type { FaultForm } from './fault.ts';
import type { Batch, Delay } from './output-queue.ts';
import type { SimulatedCommand, SimulatedShell } from './shell.ts';
import { bufferMode, sameOwner } from './shells.ts';
import type { Shells } from './shells.ts';
import type { SimulatedRequest } from './soap.ts';

/** WSManPluginErrorCodes of PowerShell, as its server answers. */
const INVALID_INPUT_STREAM = 2152991678;
const INVALID_OUTPUT_STREAM = 2152991680;
const INVALID_ARGUMENTS = 2152991684;
const NULL_INPUT = 2152991672;
/** PowerShell's server and client both spell it so, and compare it whole. */
const CTRL_C = 'powershell/signal/crtl_c';

type Body = Xml | undefined;

/** What a request does to one shell that exists already (MS-WSMV 3.1.4). */
export class ShellActions {
  readonly #shells: Shells;
  readonly #delay: Delay;

  constructor(shells: Shells, delay: Delay) {
    this.#shells = shells;
    this.#delay = delay;
  }

  faultOf(code: number): FaultForm {
    return faultOf(code);
  }

  async carryOut(request: SimulatedRequest, caller: Caller, signal: AbortSignal): Promise<Body> {
    const shell = this.#find(request, caller);
    const release = shell.use();
    try {
      return await this.#on(shell, request, caller, signal);
    } finally {
      release();
    }
  }

  #on(
    shell: SimulatedShell,
    request: SimulatedRequest,
    caller: Caller,
    signal: AbortSignal,
  ): Body | Promise<Body> {
    switch (request.action) {
      case 'Get':
        return shell.describe(true);
      case 'Delete':
        return void this.#shells.remove(shell);
      case 'Command':
        return command(shell, request);
      case 'Send':
        return send(shell, request);
      case 'Receive':
        return this.#receive(shell, request, signal);
      case 'Signal':
        return signalCommand(shell, request);
      case 'Disconnect':
        return this.#disconnect(shell, request);
      case 'Reconnect':
        return this.#reconnect(shell, request);
      case 'Connect':
        return this.#connect(shell, request, caller);
      default:
        throw new Fault(FAULTS.unsupportedAction);
    }
  }

  /** Get and Delete also go by the resource `shell`, as Remove-WSManInstance sends them; so an administrator clears what others left. */
  #find(request: SimulatedRequest, caller: Caller): SimulatedShell {
    const general =
      request.resourceUri === SHELL_URI && (request.action === 'Get' || request.action === 'Delete');
    const shell = request.shellId === undefined ? undefined : this.#shells.get(request.shellId);
    if (!shell) throw new Fault(FAULTS.noSuchShell);
    if (!general && shell.settings.resourceUri.toLowerCase() !== request.resourceUri.toLowerCase()) {
      throw new Fault(FAULTS.noSuchShell);
    }
    if (!sameOwner(shell, caller) && !(general && caller.isAdministrator))
      throw new Fault(FAULTS.accessDenied);
    return shell;
  }

  async #receive(shell: SimulatedShell, request: SimulatedRequest, signal: AbortSignal): Promise<Body> {
    const stream = request.payload && child(request.payload, 'DesiredStream');
    if (stream?.text.trim() !== 'stdout')
      throw new Fault(pluginFault(INVALID_OUTPUT_STREAM, 'The stream must be stdout. '));
    if (!shell.connected) throw new Fault(FAULTS.streamDisconnected);
    requireConnected(shell, request);
    const commandId = stream.attributes.get('CommandId');
    const from = commandId === undefined ? undefined : findCommand(shell, commandId);
    const maxBytes = Math.floor((request.roomBytes * 3) / 4);
    const output = from?.output ?? shell.output;
    const batch = await output.read(maxBytes, request.operationTimeoutMs, this.#delay, signal);
    if (!batch) throw new Fault(FAULTS.timedOut);
    return received(batch, commandId);
  }

  #disconnect(shell: SimulatedShell, request: SimulatedRequest): Body {
    if (!shell.connected) throw new Fault(FAULTS.disconnectNotValid);
    requireConnected(shell, request);
    this.#configure(shell, request);
    shell.disconnect();
    return undefined;
  }

  #reconnect(shell: SimulatedShell, request: SimulatedRequest): Body {
    if (shell.settings.sessionId !== request.sessionId) {
      throw new Fault(shell.connected ? FAULTS.connectedToDifferentClient : FAULTS.sessionIdMismatch);
    }
    const commandId = request.payload?.attributes.get('CommandId');
    if (commandId !== undefined) {
      requireConnected(shell, request);
      findCommand(shell, commandId).output.resume();
      return undefined;
    }
    this.#configure(shell, request);
    shell.reconnect();
    return undefined;
  }

  #connect(shell: SimulatedShell, request: SimulatedRequest, caller: Caller): Body {
    const commandId = request.payload?.attributes.get('CommandId');
    if (commandId !== undefined) {
      requireConnected(shell, request);
      findCommand(shell, commandId).output.resume();
      return xml`<rsp:ConnectResponse/>`;
    }
    if (shell.connected && shell.settings.sessionId !== request.sessionId) {
      throw new Fault(FAULTS.connectedToDifferentClient);
    }
    const connectXml = request.payload && child(request.payload, 'connectXml')?.text;
    if (!connectXml || !shell.plugin) throw new Fault(pluginFault(NULL_INPUT, 'connectXml is missing. '));
    const answer = shell.plugin.connect(Buffer.from(connectXml, 'base64'));
    this.#configure(shell, request);
    shell.change({ sessionId: request.sessionId, clientIP: caller.clientIP });
    shell.reconnect();
    return xml`<rsp:ConnectResponse><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><connectResponseXml xmlns="${NAMESPACES.ps}">${base64(answer)}</connectResponseXml></rsp:ConnectResponse>`;
  }

  #configure(shell: SimulatedShell, { payload }: SimulatedRequest): void {
    const idleTimeoutMs = this.#shells.idleTimeoutMs(payload);
    const mode = bufferMode(payload);
    shell.change({ ...(idleTimeoutMs ? { idleTimeoutMs } : {}), ...(mode ? { bufferMode: mode } : {}) });
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function requireConnected(shell: SimulatedShell, request: SimulatedRequest): void {
  if (!shell.connected) throw new Fault(FAULTS.shellDisconnected);
  if (shell.settings.sessionId !== request.sessionId) throw new Fault(FAULTS.connectedToDifferentClient);
}

function findCommand(shell: SimulatedShell, commandId: string): SimulatedCommand {
  const found = shell.commands.get(commandId);
  if (!found) throw new Fault(FAULTS.noSuchCommand);
  return found;
}

function command(shell: SimulatedShell, request: SimulatedRequest): Body {
  requireConnected(shell, request);
  const { payload } = request;
  const args = payload?.children.filter((one) => one.name === 'Arguments') ?? [];
  const commandId = payload?.attributes.get('CommandId');
  const [first] = args;
  if (commandId === undefined || !first || args.length !== 1) {
    throw new Fault(pluginFault(INVALID_ARGUMENTS, 'One argument is expected. '));
  }
  shell.addCommand(commandId, '').plugin.receive(Buffer.from(first.text, 'base64'), 'stdin');
  return xml`<rsp:CommandResponse><rsp:CommandId>${commandId}</rsp:CommandId></rsp:CommandResponse>`;
}

function send(shell: SimulatedShell, request: SimulatedRequest): Body {
  requireConnected(shell, request);
  for (const stream of request.payload?.children ?? []) {
    const name = stream.attributes.get('Name') ?? '';
    if (name !== 'stdin' && name !== 'pr')
      throw new Fault(pluginFault(INVALID_INPUT_STREAM, 'The stream must be stdin. '));
    const commandId = stream.attributes.get('CommandId');
    const target = commandId === undefined ? shell.plugin : findCommand(shell, commandId).plugin;
    target?.receive(Buffer.from(stream.text, 'base64'), name);
  }
  return xml`<rsp:SendResponse/>`;
}

async function signalCommand(shell: SimulatedShell, request: SimulatedRequest): Promise<Body> {
  requireConnected(shell, request);
  const { payload } = request;
  const target = findCommand(shell, payload?.attributes.get('CommandId') ?? '');
  if (payload && child(payload, 'Code')?.text === CTRL_C) {
    await target.plugin.stop();
  } else {
    // Every other code means "close" to PowerShell.
    target.output.suspend(FAULTS.aborted);
    target.plugin.close();
    shell.commands.delete(target.commandId);
  }
  return xml`<rsp:SignalResponse/>`;
}

function received({ fragments, state }: Batch, commandId: string | undefined): Xml {
  const of = commandId === undefined ? undefined : xml` CommandId="${commandId}"`;
  const streams = fragments.map((one) => xml`<rsp:Stream Name="stdout"${of}>${base64(one)}</rsp:Stream>`);
  const uri = `${SHELL_URI}/CommandState/${state}`;
  const ending =
    state === 'Done'
      ? xml`<rsp:CommandState${of} State="${uri}"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>`
      : of && xml`<rsp:CommandState${of} State="${uri}"></rsp:CommandState>`;
  return xml`<rsp:ReceiveResponse>${streams}${ending}</rsp:ReceiveResponse>`;
}
