import * as z from 'zod/mini';
import {
  computerIdSchema,
  connectionOptionsSchema,
  idSchema,
  placeSchema,
  sessionOptionSchema,
  signInSchema,
  tagsSchema,
} from '../shared/computer.ts';
import type { Command, Commands, Request, Result } from '../shared/contract.ts';
import { profileEditSchema } from '../shared/profile-edit.ts';
import { LONGEST_MENU_LABEL, MOST_AT_ONCE } from '../shared/request-limits.ts';
import { LONGEST_SHELL_ID } from '../shared/session.ts';
import { settingsChangeSchema } from '../shared/settings.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

const nothing = z.strictObject({});
/** A ShellId as far as a row can have one; foreign shells may use other words than a GUID. */
const sessionKey = z.strictObject({
  computerId: computerIdSchema,
  instanceId: z.string().check(z.minLength(1), z.maxLength(LONGEST_SHELL_ID)),
});
const sessions = z.array(sessionKey).check(z.minLength(1), z.maxLength(MOST_AT_ONCE));
const removedSessions = z
  .array(z.extend(sessionKey, { inUse: z.boolean(), force: z.boolean() }))
  .check(z.minLength(1), z.maxLength(MOST_AT_ONCE));
const computerIds = z.array(computerIdSchema).check(z.maxLength(MOST_AT_ONCE));
/** Trust is certificate.pin's and redirection.allow's to give, which know what the computer showed; no check is skipped. */
const newOptions = z.extend(z.omit(connectionOptionsSchema, { pinnedCertificate: true, redirectTo: true }), {
  sessionOption: z.optional(
    z.extend(z.omit(sessionOptionSchema, { skipCACheck: true, skipCNCheck: true }), {
      skipCACheck: z.optional(z.literal(false)),
      skipCNCheck: z.optional(z.literal(false)),
    }),
  ),
});
const computer = z.strictObject({ computerId: computerIdSchema });
const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));
const credentialId = idSchema;

const menuItem = z.strictObject({
  id: z.string().check(z.maxLength(60)),
  label: z.string().check(z.maxLength(LONGEST_MENU_LABEL)),
  keys: z.optional(z.string().check(z.maxLength(40))),
  enabled: z.boolean(),
});
const menu = z.strictObject({
  label: z.string().check(z.maxLength(60)),
  items: z.array(z.union([menuItem, z.literal('separator')])).check(z.maxLength(100)),
});

/** The renderer is not trusted: nothing reaches a handler but what fits here. */
const REQUESTS = {
  'fleet.watch': nothing,
  'fleet.refresh': z.strictObject({ computerIds: z.optional(computerIds) }),
  'fleet.cancel': nothing,
  'computer.add': z.strictObject({
    text: z.string().check(z.minLength(1), z.maxLength(1_000_000)),
    options: newOptions,
    groupIds: z.array(idSchema).check(z.maxLength(50)),
    tags: z.optional(tagsSchema),
    signIn: z.optional(signInSchema),
  }),
  'computer.diagnose': computer,
  'computer.stopDiagnosis': computer,
  'trace.record': z.extend(computer, { on: z.boolean() }),
  'trace.copy': computer,
  'trace.save': computer,
  'profile.edit': profileEditSchema,
  'profile.undo': nothing,
  'profile.redo': nothing,
  'settings.change': settingsChangeSchema,
  'credential.add': z.strictObject({
    name,
    username: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
    certificate: z.optional(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('file') }),
        z.strictObject({ kind: z.literal('windowsStore'), thumbprint: z.string().check(z.maxLength(200)) }),
      ]),
    ),
  }),
  'credential.rename': z.strictObject({ credentialId, name }),
  'credential.replace': z.strictObject({ credentialId }),
  'credential.delete': z.strictObject({ credentialId }),
  'credential.test': z.strictObject({ credentialId, computerId: computerIdSchema }),
  'certificate.pin': z.strictObject({
    computerId: computerIdSchema,
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
  'redirection.allow': z.strictObject({ computerId: computerIdSchema, place: placeSchema }),
  'password.ask': z.strictObject({ computerIds: computerIds.check(z.minLength(1)) }),
  'session.commands': sessionKey,
  'session.connect': z.strictObject({ sessions }),
  'session.whenFree': sessionKey,
  'session.notWhenFree': sessionKey,
  'session.disconnect': z.strictObject({ sessions }),
  'session.remove': z.strictObject({ sessions: removedSessions }),
  'acts.stop': z.strictObject({ actId: z.number() }),
  'output.close': sessionKey,
  'output.copy': sessionKey,
  'sample.open': nothing,
  'sample.close': nothing,
  'clipboard.copy': z.strictObject({ text: z.string().check(z.maxLength(4_000_000)) }),
  'audit.show': nothing,
  'menu.set': z.strictObject({ menus: z.array(menu).check(z.maxLength(20)) }),
} satisfies { [C in Command]: z.ZodMiniType<Request<C>> };

export type Handlers = {
  [C in Command]: (request: Request<C>) => ReturnType<Commands[C]> | Promise<ReturnType<Commands[C]>>;
};

/** Answers a command of the contract with what its handler makes of it, or with what was wrong. */
export async function answerTo(handlers: Handlers, command: Command, raw: unknown): Promise<Result<unknown>> {
  try {
    const request = REQUESTS[command].safeParse(raw);
    if (!request.success) throw new WinRMError('invalid', `Malformed ${command}.`, { cause: request.error });
    // TypeScript cannot see that the command chooses schema and handler alike.
    return { ok: true, value: await handlers[command](request.data as never) };
  } catch (error) {
    return { ok: false, error: toErrorInfo(error) };
  }
}
