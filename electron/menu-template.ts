import type { MenuItemConstructorOptions } from 'electron';
import type { MenuShown } from '../shared/contract.ts';

type Template = readonly MenuItemConstructorOptions[];

const SEPARATOR = { type: 'separator' } as const;
/** What macOS does by the focused field, whoever's it is. */
const CLIPBOARD: Template = [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }];

/**
 * The system's menu bar from the window's own menus. Its shortcuts are the window's: a key acts by the region that has
 * the focus, so the window hears it first and the menu shows it.
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
        ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
      };
    });
    return isEdit(label) ? { label, submenu: [...submenu, SEPARATOR, ...CLIPBOARD] } : { label, submenu };
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
  Space: 'Space',
  Delete: 'Delete',
  Enter: 'Return',
};
const PLAIN = /^(?:Alt|Shift|Tab|Escape|Home|End|PageUp|PageDown|F\d{1,2}|[\w/,.;=-])$/;

/** `Ctrl+Shift+P` as Electron writes it; undefined for keys that it does not know, which would throw. */
function acceleratorOf(keys: string): string | undefined {
  const parts = keys.split('+').map((part) => NAMES[part] ?? (PLAIN.test(part) ? part : undefined));
  return parts.includes(undefined) ? undefined : parts.join('+');
}
