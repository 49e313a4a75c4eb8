import { child } from '../winrm/xml.ts';
import type { XmlElement } from '../winrm/xml.ts';
import { POWERSHELL_PREFIX } from '../winrm/wsman/request.ts';
import type { Caller, Surroundings } from './computer.ts';
import { parseDuration } from './duration.ts';
import { Fault, FAULTS, pluginFault, quotaMaxShells } from './fault.ts';
import type { ObjectIds } from './message-writer.ts';
import { PowerShellPlugin } from './powershell-plugin.ts';
import type { ShellSettings } from './shell.ts';
import { SimulatedShell } from './shell.ts';
import type { SimulatedRequest } from './soap.ts';

export interface ComputerOptions {
  /** Of Identify, e.g. `OS: 10.0.20348 SP: 0.0 Stack: 3.0`. */
  readonly productVersion?: string;
  /** Short names of the PowerShell configurations that may be created; without it Windows' two. */
  readonly configurations?: readonly string[];
  /** Shells of one user; WinRM's own limit is 30. */
  readonly maxShells?: number;
  /** Of a shell whose client asks for none: two hours. */
  readonly idleTimeoutMs?: number;
  /** The least that a client may ask for; tests lower it. */
  readonly minIdleTimeoutMs?: number;
  /** Items of an enumeration's page at most, to be seen paging. */
  readonly maxElements?: number;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CONFIGURATIONS = ['Microsoft.PowerShell', 'PowerShell.7'];
const MAX_SHELLS = 30;
const IDLE_TIMEOUT_MS = 7_200_000;
const MIN_IDLE_TIMEOUT_MS = 60_000;
const MAX_IDLE_TIMEOUT_MS = 2_147_483_647;
/** PowerShell's plugin asks for the option and compares the major version (WSManPluginErrorCodes). */
const PROTOCOL_VERSION_NOT_FOUND = 2152991687;
const PROTOCOL_VERSION_NOT_MATCH = 2152991685;

/** The shells of one computer: who may see them, who makes them, when they idle out. */
export class Shells {
  readonly #around: Surroundings;
  readonly #options: ComputerOptions;
  readonly #objectIds: ObjectIds;
  readonly #shells = new Map<string, SimulatedShell>();
  #nextProcessId = 2792;

  constructor(surroundings: Surroundings, options: ComputerOptions, objectIds: ObjectIds) {
    this.#objectIds = objectIds;
    this.#around = surroundings;
    this.#options = options;
  }

  /** Oldest first, as Windows lists them. */
  get all(): readonly SimulatedShell[] {
    return [...this.#shells.values()];
  }

  visibleTo(caller: Caller): SimulatedShell[] {
    return this.all.filter((shell) => caller.isAdministrator || sameOwner(shell, caller));
  }

  get(shellId: string): SimulatedShell | undefined {
    return this.#shells.get(shellId);
  }

  /** Puts a shell there that nobody asked for over the wire. */
  add(shell: SimulatedShell): void {
    this.#shells.set(shell.settings.shellId, shell);
  }

  remove(shell: SimulatedShell): void {
    this.#shells.delete(shell.settings.shellId);
    shell.close();
  }

  /** Shells that idled longer than they may are gone; called before anything looks. */
  removeIdle(): void {
    for (const shell of this.all) if (shell.inactivityMs > shell.settings.idleTimeoutMs) this.remove(shell);
  }

  knows(resourceUri: string): boolean {
    const known = this.#options.configurations ?? CONFIGURATIONS;
    return known.some((name) => (POWERSHELL_PREFIX + name).toLowerCase() === resourceUri.toLowerCase());
  }

  create(request: SimulatedRequest, caller: Caller): SimulatedShell {
    if (!this.knows(request.resourceUri)) throw new Fault(FAULTS.invalidResourceUri);
    if (request.wantsCompression) throw new Fault(FAULTS.compressionUnsupported);
    checkProtocolVersion(request);
    const settings = this.#settingsOf(request, caller);
    if (this.#shells.has(settings.shellId)) throw new Fault(FAULTS.shellIdConflict);
    const limit = this.#options.maxShells ?? MAX_SHELLS;
    if (this.all.filter((shell) => sameOwner(shell, caller)).length >= limit)
      throw new Fault(quotaMaxShells(limit));
    const shell = new SimulatedShell(settings, this.#around.now);
    const creationXml = request.payload && child(request.payload, 'creationXml')?.text;
    shell.plugin = new PowerShellPlugin(settings.shellId, shell.output, this.#around, this.#objectIds);
    if (creationXml) shell.plugin.receive(Buffer.from(creationXml, 'base64'), 'stdin');
    this.add(shell);
    return shell;
  }

  /** What the body asks for, absent when it asks for nothing. @throws Fault outside the bounds */
  idleTimeoutMs(payload: XmlElement | undefined): number | undefined {
    const text = payload && child(payload, 'IdleTimeOut')?.text.trim();
    if (!text) return undefined;
    const ms = parseDuration(text);
    if (ms === undefined) throw new Fault(FAULTS.malformed);
    if (ms < (this.#options.minIdleTimeoutMs ?? MIN_IDLE_TIMEOUT_MS) || ms > MAX_IDLE_TIMEOUT_MS) {
      throw new Fault(FAULTS.idleTimeoutOutOfBounds);
    }
    return ms;
  }

  /** Windows' client writes Name and ShellId as attributes, others as elements. */
  #settingsOf(request: SimulatedRequest, caller: Caller): ShellSettings {
    const { payload, options } = request;
    const field = (name: string) =>
      payload?.attributes.get(name) ?? (payload && child(payload, name)?.text.trim());
    const shellId = field('ShellId') ?? this.#around.newGuid();
    if (!GUID.test(shellId)) throw new Fault(FAULTS.shellIdNotValid);
    return {
      shellId,
      name: field('Name') || undefined,
      resourceUri: request.resourceUri,
      owner: caller.owner,
      clientIP: caller.clientIP,
      processId: (this.#nextProcessId += 4),
      memoryUsedMB: 46 + (this.#nextProcessId % 37),
      childProcesses: 0,
      locale: request.locale,
      dataLocale: request.dataLocale,
      profileLoaded: !/^(1|true)$/i.test(options.get('WINRS_NOPROFILE') ?? ''),
      idleTimeoutMs: this.idleTimeoutMs(payload) ?? this.#options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
      bufferMode: bufferMode(payload) ?? 'Block',
      sessionId: request.sessionId,
    };
  }
}

export const sameOwner = (shell: SimulatedShell, caller: Caller) =>
  shell.settings.owner.toLowerCase() === caller.owner.toLowerCase();

export function bufferMode(payload: XmlElement | undefined): 'Block' | 'Drop' | undefined {
  const mode = payload && child(payload, 'BufferMode')?.text.trim().toLowerCase();
  if (mode === undefined) return undefined;
  return mode === 'drop' ? 'Drop' : 'Block';
}

function checkProtocolVersion({ options }: SimulatedRequest): void {
  const declared = options.get('protocolversion');
  if (declared === undefined) {
    throw new Fault(
      pluginFault(PROTOCOL_VERSION_NOT_FOUND, 'The option protocolversion was not found in the request. '),
    );
  }
  if (!/^2\.\d+$/.test(declared)) {
    throw new Fault(
      pluginFault(
        PROTOCOL_VERSION_NOT_MATCH,
        'The protocol version of the client does not match that of the server. ',
      ),
    );
  }
}
