import type { MenuItemConstructorOptions } from 'electron';
import type { MenuShown } from '../shared/contract.ts';
import { isTextKey } from '../shared/text-keys.ts';

type Template = readonly MenuItemConstructorOptions[];

const SEPARATOR = { type: 'separator' } as const;
/** What macOS does by the focused field, whoever's it is; without them its keys do nothing there. */
const OF_FIELDS: Template = [
  { role: 'undo', label: 'Undo Typing' },
  { role: 'redo', label: 'Redo Typing' },
  SEPARATOR,
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
];

/**
 * The system's menu bar from the window's own menus. On macOS an accelerator cannot be shown without being registered:
 * whatever the page leaves alone is the menu's. So only chords that mean the same everywhere have one, and those that
 * are text in a field, or go by the region that has the focus, are the page's alone.
 */
export function menuTemplate(
  menus: readonly MenuShown[],
  chosen: (id: string) => void,
): MenuItemConstructorOptions[] {
  const own = menus.map(({ label, items }): MenuItemConstructorOptions => {
    const submenu = items.map((item): MenuItemConstructorOptions => {
      if (item === 'separator') return SEPARATOR;
      const { id, label: text, keys, enabled } = item;
      const accelerator = keys === undefined ? undefined : acceleratorOf(keys);
      return {
        id,
        label: text,
        enabled,
        click: () => chosen(id),
        ...(accelerator !== undefined && { accelerator }),
      };
    });
    return isEdit(label) ? { label, submenu: [...submenu, SEPARATOR, ...OF_FIELDS] } : { label, submenu };
  });
  const isLast = ({ label }: MenuItemConstructorOptions) => label === 'Help';
  return [
    { role: 'appMenu' },
    ...(own.some(({ label }) => isEdit(label ?? '')) ? [] : [{ role: 'editMenu' } as const]),
    ...own.filter((menu) => !isLast(menu)),
    { role: 'windowMenu' },
    ...own.filter(isLast),
  ];
}

const isEdit = (label: string) => label === 'Edit';

const NAMES: Readonly<Record<string, string>> = {
  Ctrl: 'CmdOrCtrl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Enter: 'Return',
};
const PLAIN = /^(?:Alt|Shift|Space|Delete|Escape|Home|End|PageUp|PageDown|F\d{1,2}|[\w/,.;=-])$/;

/** `Ctrl+Shift+P` as Electron writes it; undefined for what is the page's alone, and for keys that would throw. */
function acceleratorOf(keys: string): string | undefined {
  // Of Tab it is Ctrl on macOS, too: Cmd+Tab is the system's own.
  if (!keys.startsWith('Ctrl+') || keys.endsWith('+Tab') || isTextKey(keys)) return undefined;
  const parts = keys.split('+').map((part) => NAMES[part] ?? (PLAIN.test(part) ? part : undefined));
  return parts.includes(undefined) ? undefined : parts.join('+');
}
