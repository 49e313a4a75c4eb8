import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { LONGEST_NAME } from '../../shared/computer-limits.ts';
import {
  computerSchema,
  connectionOptionsSchema,
  groupSchema,
  idSchema,
  PROFILE_VERSION,
  viewSchema,
} from '../../shared/computer.ts';
import type { Computer, ProfileContent } from '../../shared/computer.ts';
import { mended } from './mended-tree.ts';
import type { Format } from './read-versioned.ts';
import { createPauses } from './serialise.ts';
import { VersionedFile } from './versioned-file.ts';
import type { VersionedFileDeps } from './versioned-file.ts';

export const NOTHING: ProfileContent = { groups: [], computers: [], views: [] };

const items = z.array(z.unknown());
const shape = z.strictObject({
  version: z.literal([2, PROFILE_VERSION]),
  groups: items,
  computers: items,
  views: items,
});

/** The first version knew computers and their accounts, and no groups; the second nobody who is logged on. */
const firstComputer = z.strictObject({
  id: idSchema,
  computerName: z.string().check(z.minLength(1), z.maxLength(255)),
  options: connectionOptionsSchema,
  username: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
});
const firstShape = z.strictObject({ version: z.literal(1), computers: z.array(firstComputer) });

function migrate({ id, computerName, options, username }: z.infer<typeof firstComputer>): Computer {
  const signIn = username === undefined ? {} : { signIn: { kind: 'ask', username } as const };
  return { id, computerName, groupIds: [], options, tags: [], ...signIn };
}

/** In slices: thousands of computers are looked at while a window waits. */
async function allOf<T>(schema: z.ZodMiniType<T>, values: readonly unknown[]): Promise<T[] | undefined> {
  const pause = createPauses();
  const good: T[] = [];
  for (const value of values) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return undefined;
    good.push(parsed.data);
    await pause();
  }
  return good;
}

async function parse(value: object): Promise<ProfileContent | undefined> {
  const first = firstShape.safeParse(value);
  if (first.success) return { ...NOTHING, computers: first.data.computers.map(migrate) };
  const outer = shape.safeParse(value);
  if (!outer.success) return undefined;
  const groups = await allOf(groupSchema, outer.data.groups);
  const computers = await allOf(computerSchema, outer.data.computers);
  const views = await allOf(viewSchema, outer.data.views);
  return groups && computers && views && { groups, computers, views };
}

/** The first that `parse` refuses, and why. */
function flaw({ groups, computers, views }: ProfileContent): string | undefined {
  return (
    flawIn(groupSchema, groups, ({ name }) => name) ??
    flawIn(computerSchema, computers, ({ computerName }) => computerName) ??
    flawIn(viewSchema, views, ({ name }) => name)
  );
}

function flawIn<T>(schema: z.ZodMiniType<T>, all: readonly T[], nameOf: (one: T) => string) {
  for (const one of all) {
    const [issue] = schema.safeParse(one).error?.issues ?? [];
    if (!issue) continue;
    const how = issue.code === 'too_big' ? 'longer, or more, than can be kept' : 'not what can be kept';
    return `of ${nameOf(one).slice(0, LONGEST_NAME)} ${issue.path.at(-1)?.toString() ?? 'something'} is ${how}`;
  }
  return undefined;
}

const FORMAT: Format<ProfileContent> = {
  what: 'The saved computers',
  version: PROFILE_VERSION,
  empty: NOTHING,
  parse,
  flaw,
  mend: (content) => mended(content, randomUUID),
};

/** Groups, computers and views, for app and `pssm`. No secret is ever part of it. */
export type ProfileStore = VersionedFile<ProfileContent>;

export const openProfiles = (file: string, deps: Partial<VersionedFileDeps> = {}): ProfileStore =>
  new VersionedFile(file, FORMAT, deps);
