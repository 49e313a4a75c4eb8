/**
 * A value as PowerShell remoting carries it, its .NET type kept. The five commonest types are plain: `null` is $null,
 * `string` System.String, `boolean` System.Boolean, `number` System.Int32, `bigint` System.Int64. All else is tagged
 * by `type`. Values are data: nothing is rehydrated. The same object twice is the same reference, and may hold itself.
 *
 * @see MS-PSRP 2.2.5
 */
export type PSValue = null | string | boolean | number | bigint | PSScalar | PSObject;

/** The small integers, and the two floating types, whose JavaScript value is a number. */
export type PSNumberType = 'SByte' | 'Byte' | 'Int16' | 'UInt16' | 'UInt32' | 'Single' | 'Double';

export type PSScalar =
  | { readonly type: PSNumberType; readonly value: number }
  | { readonly type: 'UInt64'; readonly value: bigint }
  /** Plain digits; the scale is kept (`1.500`). */
  | { readonly type: 'Decimal'; readonly value: string }
  /** One UTF-16 unit, which may be half of a surrogate pair. */
  | { readonly type: 'Char'; readonly value: string }
  /** Lower case, no braces. */
  | { readonly type: 'Guid'; readonly value: string }
  /** Two to four numbers. */
  | { readonly type: 'Version'; readonly value: string }
  | { readonly type: 'Uri'; readonly value: string }
  | { readonly type: 'Xml'; readonly value: string }
  | { readonly type: 'ScriptBlock'; readonly value: string }
  | { readonly type: 'Bytes'; readonly value: Uint8Array }
  | PSDateTime
  /** Ticks of 100 ns, may be negative. */
  | { readonly type: 'TimeSpan'; readonly ticks: bigint }
  | PSSecret
  | PSProgress;

export interface PSDateTime {
  readonly type: 'DateTime';
  readonly kind: 'Utc' | 'Local' | 'Unspecified';
  /** 100 ns since 0001-01-01T00:00:00 on the clock that was written, i.e. not moved by `offsetMinutes`. */
  readonly ticks: bigint;
  /** Minutes east of UTC, as written; given for `Local` alone. */
  readonly offsetMinutes?: number;
}

/** A SecureString as it travels; the text within is never taken out here, and never shown. */
export interface PSSecret {
  readonly type: 'SecureString';
  readonly encrypted: string;
}

/** A ProgressRecord as a value of its own (`PR`). Seconds and percent are −1 when unknown. */
export interface PSProgress {
  readonly type: 'ProgressRecord';
  readonly activity: string;
  readonly activityId: number;
  readonly currentOperation: string | null;
  readonly parentActivityId: number;
  readonly percentComplete: number;
  readonly recordType: 'Processing' | 'Completed';
  readonly secondsRemaining: number;
  readonly statusDescription: string;
}

/** LST, STK (top first), QUE and IE of MS-PSRP 2.2.5.2.6. */
export interface PSList {
  readonly type: 'List' | 'Stack' | 'Queue' | 'Enumerable';
  readonly items: readonly PSValue[];
}

/** Keys are never null, but may repeat or differ by case only. */
export interface PSDictionary {
  readonly type: 'Dictionary';
  readonly entries: readonly (readonly [PSValue, PSValue])[];
}

/** An `Obj`: a bag of members, or a scalar or container with type names, text or members around it. */
export interface PSObject {
  readonly type: 'Object';
  /** As on the wire, most derived first, without the `Deserialized.` that a reading PowerShell adds. */
  readonly typeNames: readonly string[] | undefined;
  /** What ToString() gave on the computer. */
  readonly text: string | undefined;
  /** What is inside: the number of an enum, the items of a list, … */
  readonly base: Exclude<PSValue, null> | PSList | PSDictionary | undefined;
  /** `Props`: the properties of the .NET object. */
  readonly adapted: PSMembers | undefined;
  /** `MS`: note properties and those of type data. */
  readonly extended: PSMembers | undefined;
  /** Member sets, by name. */
  readonly memberSets: ReadonlyMap<string, PSMemberSet> | undefined;
}

export interface PSMemberSet {
  readonly members: PSMembers;
  readonly memberSets: ReadonlyMap<string, PSMemberSet> | undefined;
}

type Member = readonly [name: string, value: PSValue];

/** So many members may wait for their place by name; it bounds what the same name again and again takes. */
const MAX_WAITING = 64;

/** Named values in order. Names are compared without case, as PowerShell does; the last of one name wins. */
export class PSMembers {
  readonly #waiting: Member[] = [];
  #placed: Map<string, Member> | undefined;

  get size(): number {
    return this.#byName().size;
  }

  get(name: string): PSValue | undefined {
    return this.#byName().get(name.toLowerCase())?.[1];
  }

  set(name: string, value: PSValue): this {
    if (this.#waiting.push([name, value]) >= MAX_WAITING) this.#byName();
    return this;
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#byName().values();
  }

  /** Made when first asked for: of what is read, much is passed on or dropped without a look inside. */
  #byName(): Map<string, Member> {
    const placed = (this.#placed ??= new Map<string, Member>());
    for (const member of this.#waiting) placed.set(member[0].toLowerCase(), member);
    this.#waiting.length = 0;
    return placed;
  }
}

/** Makes an object from its parts; `extended` and `adapted` may be given as records. */
export function psObject(
  parts: Partial<Omit<PSObject, 'type' | 'adapted' | 'extended'>> & {
    readonly adapted?: PSMembers | Readonly<Record<string, PSValue>>;
    readonly extended?: PSMembers | Readonly<Record<string, PSValue>>;
  },
): PSObject {
  return {
    type: 'Object',
    typeNames: parts.typeNames,
    text: parts.text,
    base: parts.base,
    adapted: toMembers(parts.adapted),
    extended: toMembers(parts.extended),
    memberSets: parts.memberSets,
  };
}

function toMembers(
  members: PSMembers | Readonly<Record<string, PSValue>> | undefined,
): PSMembers | undefined {
  if (members === undefined || members instanceof PSMembers) return members;
  const made = new PSMembers();
  for (const [name, value] of Object.entries(members)) made.set(name, value);
  return made;
}

export function isObject(value: PSValue | PSList | PSDictionary | undefined): value is PSObject {
  return typeof value === 'object' && value !== null && value.type === 'Object';
}

/** The property of that name (case ignored): an extended one hides an adapted one. Undefined where there is none. */
export function property(value: PSValue | undefined, name: string): PSValue | undefined {
  let at: PSObject['base'] | null = value;
  while (at !== undefined && at !== null && isObject(at)) {
    const own = at.extended?.get(name);
    const found = own === undefined ? at.adapted?.get(name) : own;
    if (found !== undefined) return found;
    at = at.base;
  }
  return undefined;
}

/**
 * What is inside, and the objects around it, the outermost first. A node of XML comes as a list of nodes without their
 * names, and with all that is in it as its properties: those count.
 */
export function split(value: PSValue): {
  readonly base: Exclude<PSObject['base'], PSObject> | null;
  readonly objects: readonly PSObject[];
} {
  const objects: PSObject[] = [];
  let base: PSObject['base'] | null = value;
  while (base !== undefined && base !== null && isObject(base)) {
    objects.push(base);
    base = isXmlNode(base) ? undefined : base.base;
  }
  return { base, objects };
}

const isXmlNode = ({ typeNames, adapted }: PSObject): boolean =>
  adapted !== undefined && typeNames?.includes('System.Xml.XmlNode') === true;
