import { z } from 'zod';
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
import { settingsChangeSchema } from '../shared/settings.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

const nothing = z.strictObject({});
/** A ShellId as far as a row can have one; foreign shells may use other words than a GUID. */
const sessionKey = z.strictObject({ computerId: computerIdSchema, instanceId: z.string().min(1).max(255) });
const sessions = z.array(sessionKey).min(1).max(20_000);
const computerIds = z.array(computerIdSchema).max(20_000);
/** Trust is certificate.pin's and redirection.allow's to give, which know what the computer showed; no check is skipped. */
const newOptions = connectionOptionsSchema.omit({ pinnedCertificate: true, redirectTo: true }).extend({
  sessionOption: sessionOptionSchema.omit({ skipCACheck: true, skipCNCheck: true }).optional(),
});
const computer = z.strictObject({ computerId: computerIdSchema });
const name = z.string().trim().min(1).max(100);
const credentialId = idSchema;

const menuItem = z.strictObject({
  id: z.string().max(60),
  label: z.string().max(200),
  keys: z.string().max(40).optional(),
  enabled: z.boolean(),
});
const menu = z.strictObject({
  label: z.string().max(60),
  items: z.array(z.union([menuItem, z.literal('separator')])).max(100),
});

/** The renderer is not trusted: nothing reaches a handler but what fits here. */
const REQUESTS = {
  'fleet.watch': nothing,
  'fleet.refresh': z.strictObject({ computerIds: computerIds.optional() }),
  'fleet.cancel': nothing,
  'computer.add': z.strictObject({
    text: z.string().min(1).max(1_000_000),
    options: newOptions,
    groupIds: z.array(idSchema).max(50),
    tags: tagsSchema.optional(),
    signIn: signInSchema.optional(),
  }),
  'computer.diagnose': computer,
  'computer.stopDiagnosis': computer,
  'trace.record': computer.extend({ on: z.boolean() }),
  'trace.copy': computer,
  'trace.save': computer,
  'profile.edit': profileEditSchema,
  'profile.undo': nothing,
  'profile.redo': nothing,
  'settings.change': settingsChangeSchema,
  'credential.add': z.strictObject({
    name,
    username: z.string().min(1).max(255).optional(),
    certificate: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('file') }),
        z.strictObject({ kind: z.literal('windowsStore'), thumbprint: z.string().max(200) }),
      ])
      .optional(),
  }),
  'credential.rename': z.strictObject({ credentialId, name }),
  'credential.replace': z.strictObject({ credentialId }),
  'credential.delete': z.strictObject({ credentialId }),
  'credential.test': z.strictObject({ credentialId, computerId: computerIdSchema }),
  'certificate.pin': z.strictObject({
    computerId: computerIdSchema,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  'redirection.allow': z.strictObject({ computerId: computerIdSchema, place: placeSchema }),
  'password.ask': z.strictObject({ computerIds: computerIds.min(1) }),
  'session.commands': sessionKey,
  'session.connect': z.strictObject({ sessions }),
  'session.whenFree': sessionKey,
  'session.notWhenFree': sessionKey,
  'session.disconnect': z.strictObject({ sessions }),
  'session.remove': z.strictObject({ sessions, force: z.boolean() }),
  'output.close': sessionKey,
  'output.copy': sessionKey,
  'sample.open': nothing,
  'sample.close': nothing,
  'clipboard.copy': z.strictObject({ text: z.string().max(4_000_000) }),
  'audit.show': nothing,
  'menu.set': z.strictObject({ menus: z.array(menu).max(20) }),
} satisfies { [C in Command]: z.ZodType<Request<C>> };

export type Handlers = {
  [C in Command]: (request: Request<C>) => ReturnType<Commands[C]> | Promise<ReturnType<Commands[C]>>;
};

/** The part of Electron's ipcMain used here, so that tests need no Electron. */
export interface IpcMain<E> {
  handle(channel: string, listener: (event: E, request: unknown) => Promise<unknown>): void;
}

/** Answers every command of the contract, and only those, to our own top frame, and only to it. */
export function registerIpc<E>(
  ipcMain: IpcMain<E>,
  isOurFrame: (event: E) => boolean,
  handlers: Handlers,
): void {
  for (const command of Object.keys(REQUESTS) as Command[]) {
    ipcMain.handle(command, async (event, raw): Promise<Result<unknown>> => {
      try {
        if (!isOurFrame(event)) throw new WinRMError('denied', 'This frame may not use the app.');
        const request = REQUESTS[command].safeParse(raw);
        if (!request.success)
          throw new WinRMError('invalid', `Malformed ${command}.`, { cause: request.error });
        // TypeScript cannot see that the command chooses schema and handler alike.
        return { ok: true, value: await handlers[command](request.data as never) };
      } catch (error) {
        return { ok: false, error: toErrorInfo(error) };
      }
    });
  }
}
