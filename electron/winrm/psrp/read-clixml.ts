import { broken } from './broken.ts';
import { ClixmlScanner } from './clixml-scanner.ts';
import { LateMap } from './late-map.ts';
import { SCALAR_READERS, TEXT_TAGS } from './read-scalar.ts';
import { PSMembers } from './value.ts';
import type { PSDictionary, PSList, PSMemberSet, PSObject, PSProgress, PSValue } from './value.ts';

/** PowerShell itself takes 48 `Obj` in each other and no more; member sets are counted likewise. */
const MAX_DEPTH = 48;

/**
 * Objects and member sets of one text: a few bytes of text make some hundred bytes of object, so that the size of a
 * message alone would not bound the memory.
 */
const MAX_OBJECTS = 1_000_000;

const LISTS: ReadonlyMap<string, PSList['type']> = new Map([
  ['LST', 'List'],
  ['STK', 'Stack'],
  ['QUE', 'Queue'],
  ['IE', 'Enumerable'],
]);

/**
 * Reads the one value of a CLIXML text: a message's body, or `Objs` with one value in it.
 *
 * What PowerShell writes is read as PowerShell reads it (its goldens). Of what it never writes no more is claimed than
 * stands here: it refuses some of it that is read (a SecureString that it cannot open, an absolute URI that is none, a
 * DTD's words inside an `XD`), keeps less of some (a member set in another), and sets no bound to the count of objects.
 *
 * @throws WinRMError 'protocol' for malformed XML, a DTD around the text, unknown elements (inside an object only before
 * version 1.2), values that do not fit their type, Refs to nothing, objects nested deeper than 48, and more than a million
 * @see MS-PSRP 2.2.5
 */
export function readClixml(text: string): PSValue {
  const values = readClixmlValues(text);
  if (values.length !== 1) throw broken(`CLIXML of ${values.length} values where one was due`);
  return values[0] ?? null;
}

/** As readClixml, for an `Objs` of any number of values. */
export function readClixmlValues(text: string): PSValue[] {
  const scanner = new ClixmlScanner(text);
  const reader = new Reader(scanner);
  scanner.root();
  const values = scanner.tag === 'Objs' ? reader.documents() : [reader.value(0)];
  scanner.end();
  return values;
}

interface Members {
  adapted: PSMembers | undefined;
  extended: PSMembers | undefined;
  memberSets: Map<string, PSMemberSet> | undefined;
}
type Building = { -readonly [K in keyof PSObject]: PSObject[K] } & Members;

class Reader {
  readonly #scanner: ClixmlScanner;
  readonly #objects = new LateMap<PSObject>();
  readonly #typeNames = new LateMap<readonly string[]>();
  #made = 0;
  /** Texts of version 1.2 and later may hold elements that we do not know (MS-PSRP 2.2.5). */
  #skipsUnknown = false;

  constructor(scanner: ClixmlScanner) {
    this.#scanner = scanner;
  }

  documents(): PSValue[] {
    const scanner = this.#scanner;
    if (!scanner.isInNamespace) throw broken('Objs without the namespace of CLIXML');
    const version =
      scanner.version === undefined
        ? ['', '1', '1']
        : /^(\d{1,9})\.(\d{1,9})(?:\.\d{1,9}){0,2}$/.exec(scanner.version);
    if (version?.[1] !== '1') throw broken('CLIXML of an unknown version');
    this.#skipsUnknown = Number(version[2]) >= 2;
    const values: PSValue[] = [];
    if (scanner.empty) return values;
    while (scanner.open()) values.push(this.value(0));
    scanner.close('Objs');
    return values;
  }

  /** The value of the element just opened. */
  value(depth: number): PSValue {
    const scanner = this.#scanner;
    switch (scanner.tag) {
      case 'S':
        return scanner.content();
      case 'Obj':
        return this.#object(depth + 1);
      case 'Nil':
        scanner.skip();
        return null;
      case 'Ref':
        return this.#reference();
      case 'PR':
        return this.#progress();
    }
    const read = SCALAR_READERS.get(scanner.tag);
    if (!read) throw broken(`an element <${scanner.tag.slice(0, 40)}> that CLIXML does not have`);
    return read(TEXT_TAGS.has(scanner.tag) ? scanner.content() : scanner.bareContent());
  }

  #object(depth: number): PSObject {
    if (depth > MAX_DEPTH) throw broken(`objects nested deeper than ${MAX_DEPTH}`);
    this.#count();
    const scanner = this.#scanner;
    const object: Building = {
      type: 'Object',
      typeNames: undefined,
      text: undefined,
      base: undefined,
      adapted: undefined,
      extended: undefined,
      memberSets: undefined,
    };
    // Known before it is filled: an object may hold itself.
    if (scanner.refId !== undefined) this.#objects.set(scanner.refId, object);
    if (scanner.empty) return object;
    while (scanner.open()) this.#part(object, depth);
    scanner.close('Obj');
    return object;
  }

  #count(): void {
    if (++this.#made > MAX_OBJECTS) throw broken(`more than ${MAX_OBJECTS} objects in one`);
  }

  #part(object: Building, depth: number): void {
    const scanner = this.#scanner;
    switch (scanner.tag) {
      case 'TN':
        object.typeNames = this.#names();
        return;
      case 'TNRef':
        object.typeNames = this.#knownNames();
        return;
      case 'ToString':
        object.text = scanner.content();
        return;
      case 'Props':
        object.adapted = new PSMembers();
        this.#members('Props', object.adapted, undefined, depth);
        return;
      case 'MS':
        object.extended ??= new PSMembers();
        this.#members('MS', object.extended, object, depth);
        return;
      case 'DCT':
        object.base = this.#dictionary(depth);
        return;
      case 'Obj':
        object.base = this.#object(depth + 1);
        return;
      case 'PR':
        object.base = this.#progress();
        return;
    }
    const list = LISTS.get(scanner.tag);
    if (list) {
      object.base = { type: list, items: this.#items(depth) };
      return;
    }
    const read = SCALAR_READERS.get(scanner.tag);
    if (read) object.base = read(TEXT_TAGS.has(scanner.tag) ? scanner.content() : scanner.bareContent());
    else if (this.#skipsUnknown) scanner.skip();
    else throw broken(`an element <${scanner.tag.slice(0, 40)}> that CLIXML does not have`);
  }

  #members(
    tag: string,
    members: PSMembers,
    sets: Pick<Members, 'memberSets'> | undefined,
    depth: number,
  ): void {
    const scanner = this.#scanner;
    if (depth > MAX_DEPTH) throw broken(`member sets nested deeper than ${MAX_DEPTH}`);
    if (scanner.empty) return;
    while (scanner.open()) {
      const { name } = scanner;
      if (!name) throw broken('a member without a name');
      if (sets && scanner.tag === 'MS') {
        this.#count();
        const inner: Pick<Members, 'memberSets'> & { members: PSMembers } = {
          members: new PSMembers(),
          memberSets: undefined,
        };
        this.#members('MS', inner.members, inner, depth + 1);
        (sets.memberSets ??= new Map<string, PSMemberSet>()).set(name, inner);
      } else members.set(name, this.value(depth));
    }
    scanner.close(tag);
  }

  #items(depth: number): PSValue[] {
    const scanner = this.#scanner;
    const { tag } = scanner;
    const items: PSValue[] = [];
    if (scanner.empty) return items;
    while (scanner.open()) items.push(this.value(depth));
    scanner.close(tag);
    return items;
  }

  #dictionary(depth: number): PSDictionary {
    const scanner = this.#scanner;
    const entries: (readonly [PSValue, PSValue])[] = [];
    if (scanner.empty) return { type: 'Dictionary', entries };
    while (scanner.open()) {
      if (scanner.tag !== 'En' || scanner.empty)
        throw broken('a dictionary with something other than entries');
      const key = this.#named('Key', depth);
      if (key === null) throw broken('a dictionary with a null key');
      entries.push([key, this.#named('Value', depth)]);
      scanner.close('En');
    }
    scanner.close('DCT');
    return { type: 'Dictionary', entries };
  }

  #named(name: string, depth: number): PSValue {
    if (!this.#scanner.open() || this.#scanner.name !== name)
      throw broken(`a dictionary entry without its ${name}`);
    return this.value(depth);
  }

  #reference(): PSObject {
    const { refId } = this.#scanner;
    const object = refId === undefined ? undefined : this.#objects.get(refId);
    if (!object) throw broken('a reference to an object that it did not send');
    this.#scanner.skip();
    return object;
  }

  #names(): readonly string[] {
    const scanner = this.#scanner;
    const { refId } = scanner;
    const names: string[] = [];
    if (!scanner.empty) {
      while (scanner.open()) {
        if (scanner.tag !== 'T') throw broken('a list of type names with something else in it');
        const name = scanner.content();
        if (name !== '') names.push(name);
      }
      scanner.close('TN');
    }
    if (refId !== undefined) this.#typeNames.set(refId, names);
    return names;
  }

  #knownNames(): readonly string[] {
    const { refId } = this.#scanner;
    const names = refId === undefined ? undefined : this.#typeNames.get(refId);
    if (!names) throw broken('a reference to type names that it did not send');
    this.#scanner.skip();
    return names;
  }

  /** The parts of a ProgressRecord stand in a fixed order (MS-PSRP 2.2.5.1.25). */
  #progress(): PSProgress {
    const scanner = this.#scanner;
    if (scanner.empty) throw broken('a progress record without all its parts');
    const part = (tag: string) => {
      if (!scanner.open() || scanner.tag !== tag) throw broken('a progress record without all its parts');
      return scanner.content();
    };
    const number = (tag: string) => SCALAR_READERS.get('I32')?.(part(tag)) as number; // its reader gives numbers alone
    const activity = part('AV');
    const activityId = number('AI');
    if (!scanner.open()) throw broken('a progress record without all its parts');
    const currentOperation = this.value(0);
    const parentActivityId = number('PI');
    const percentComplete = number('PC');
    const recordType = part('T');
    const secondsRemaining = number('SR');
    const statusDescription = part('SD');
    scanner.close('PR');
    if (recordType !== 'Processing' && recordType !== 'Completed')
      throw broken('a progress record of an unknown kind');
    if (currentOperation !== null && typeof currentOperation !== 'string')
      throw broken('a progress record with a wrong part');
    return {
      type: 'ProgressRecord',
      activity,
      activityId,
      currentOperation,
      parentActivityId,
      percentComplete,
      recordType,
      secondsRemaining,
      statusDescription,
    };
  }
}
