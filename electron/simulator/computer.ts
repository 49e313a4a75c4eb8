import { child } from '../winrm/xml.ts';
import type { Xml, XmlElement } from '../winrm/xml.ts';
import { xml } from '../winrm/xml.ts';
import { COMMAND_URI, SHELL_URI } from '../winrm/wsman/request.ts';
import { AnswerCache } from './answer-cache.ts';
import { Enumerations } from './enumerations.ts';
import { Fault, FAULTS } from './fault.ts';
import { ObjectIds } from './message-writer.ts';
import { ConnectionDropped, Misbehaviours, spoil } from './misbehaviour.ts';
import { patient } from './output-queue.ts';
import type { Delay } from './output-queue.ts';
import { ShellActions } from './shell-actions.ts';
import type { SimulatedShell } from './shell.ts';
import { Shells } from './shells.ts';
import type { ComputerOptions } from './shells.ts';
import { readRequest, selector, toFault, toIdentity, toResponse } from './soap.ts';
import type { SimulatedRequest } from './soap.ts';

/** What the simulated computer must be handed, since it has no clock, no timer and no dice of its own. */
export interface Surroundings {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly delay: Delay;
  /** A new GUID, in capitals. */
  readonly newGuid: () => string;
  /** Called before a request is looked at: what happened on the computer since the last one happens now. */
  readonly meanwhile?: () => void;
}

/** Who is signed in on the connection that carries a request. */
export interface Caller {
  /** `DOMAIN\user`: the Owner of what it creates. */
  readonly owner: string;
  readonly clientIP: string;
  /** Administrators see the shells of all, and may delete them. */
  readonly isAdministrator: boolean;
}

/** One answer: SOAP, and whether HTTP carries it with 500. */
export interface Answer {
  readonly soap: string;
  readonly isFault: boolean;
}

/**
 * A Windows computer with WinRM and PowerShell, as far as a client can tell: SOAP in, SOAP out.
 * It knows no socket, clock or chance but what it is handed.
 */
export class SimulatedComputer {
  readonly computerName: string;
  readonly misbehaviours = new Misbehaviours();
  readonly shells: Shells;
  readonly objectIds = new ObjectIds();
  readonly #around: Surroundings;
  readonly #answers = new AnswerCache();
  readonly #enumerations: Enumerations;
  readonly #actions: ShellActions;
  readonly #productVersion: string;

  constructor(computerName: string, around: Surroundings, options: ComputerOptions = {}) {
    const surroundings = { ...around, delay: patient(around.delay) };
    this.computerName = computerName;
    this.#around = surroundings;
    this.#productVersion = options.productVersion ?? 'OS: 10.0.20348 SP: 0.0 Stack: 3.0';
    this.#enumerations = new Enumerations(surroundings.newGuid, options.maxElements);
    this.shells = new Shells(surroundings, options, this.objectIds);
    this.#actions = new ShellActions(this.shells, surroundings.delay);
  }

  /**
   * The answer to one request, a fault's too.
   *
   * @throws ConnectionDropped where the real thing would break the connection; WinRMError 'protocol' for what is no XML
   */
  async answer(soap: string, caller: Caller, signal: AbortSignal): Promise<Answer> {
    let request: SimulatedRequest | undefined;
    try {
      request = readRequest(soap);
      return await this.#answer(request, caller, signal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#fault(request, error);
    }
  }

  /** The answer's text alone. */
  async receive(soap: string, caller: Caller, signal: AbortSignal): Promise<string> {
    return (await this.answer(soap, caller, signal)).soap;
  }

  async #answer(request: SimulatedRequest, caller: Caller, signal: AbortSignal): Promise<Answer> {
    const wrong = this.misbehaviours.take(request.action);
    if (wrong?.kind === 'slow') await this.#around.delay(wrong.ms, signal);
    signal.throwIfAborted();
    if (wrong?.kind === 'dropped' && !wrong.carriedOut) throw new ConnectionDropped();
    if (wrong?.kind === 'fault') return this.#fault(request, new Fault(this.#actions.faultOf(wrong.code)));
    const answer = this.#answers.find(request, caller) ?? (await this.#carryOut(request, caller, signal));
    if (wrong?.kind === 'dropped') throw new ConnectionDropped();
    return { ...answer, soap: spoil(wrong, answer.soap, this.#around.newGuid) };
  }

  async #carryOut(request: SimulatedRequest, caller: Caller, signal: AbortSignal): Promise<Answer> {
    if (request.action === 'Identify') return { soap: toIdentity(this.#productVersion), isFault: false };
    this.#around.meanwhile?.();
    this.shells.removeIdle();
    try {
      const body = await this.#body(request, caller, signal);
      const answer = { soap: toResponse(request, this.#ids(), body), isFault: false };
      this.#answers.keep(request, caller, answer);
      return answer;
    } catch (error) {
      if (error instanceof Fault) return this.#fault(request, error);
      throw error;
    }
  }

  #body(
    request: SimulatedRequest,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Xml | undefined> | Xml | undefined {
    switch (request.action) {
      case undefined:
        throw new Fault(FAULTS.unsupportedAction);
      case 'Enumerate':
        return this.#enumerations.start(request, this.#list(request, caller));
      case 'Pull':
        return this.#enumerations.pull(request);
      case 'Release':
        return this.#enumerations.release(request);
      case 'Create':
        return created(request, this.shells.create(request, caller));
      default:
        return this.#actions.carryOut(request, caller, signal);
    }
  }

  #list(request: SimulatedRequest, caller: Caller): Xml[] {
    switch (request.resourceUri) {
      case SHELL_URI:
        return this.shells.visibleTo(caller).map((shell) => shell.describe(true));
      case COMMAND_URI:
        return this.#commands(request.payload, caller);
      default:
        throw new Fault(FAULTS.invalidResourceUri);
    }
  }

  #commands(payload: XmlElement | undefined, caller: Caller): Xml[] {
    const filter = payload && child(payload, 'Filter');
    const shellId = filter && selector(filter, 'ShellId');
    if (!shellId) throw new Fault(FAULTS.filterExpected);
    const shell = this.shells.visibleTo(caller).find((one) => one.settings.shellId === shellId);
    if (!shell) throw new Fault(FAULTS.noSuchShell);
    if (shell.settings.commandsFault) throw new Fault(shell.settings.commandsFault);
    return [...shell.commands.values()].map((command) => command.describe());
  }

  #fault(request: SimulatedRequest | undefined, fault: Fault): Answer {
    return { soap: toFault(request, this.#ids(), fault.form, this.computerName), isFault: true };
  }

  #ids() {
    return { messageId: this.#around.newGuid(), activityId: this.#around.newGuid() };
  }
}

function created(request: SimulatedRequest, shell: SimulatedShell): Xml {
  const { resourceUri, shellId } = shell.settings;
  return xml`<x:ResourceCreated><a:Address>${request.to}</a:Address><a:ReferenceParameters><w:ResourceURI>${resourceUri}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">${shellId}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>${shell.describe(false)}`;
}
