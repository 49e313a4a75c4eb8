import type { LucideIcon } from 'lucide-react';
import { useAppStore, useApp } from '../app-context.ts';
import { commandOf, labelFor, runCommand } from '../commands.ts';
import type { CommandId } from '../commands.ts';
import { shownKeys } from '../keys.ts';
import { isMac } from '../platform.ts';

interface Props {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  /** Looks: a word beside its icon in a toolbar, or a framed button. */
  readonly look?: 'tool' | 'icon' | 'frame' | 'frame-danger' | 'button' | 'primary' | 'danger';
  readonly label?: string;
  readonly pressed?: boolean;
}

const CLASSES = {
  tool: 'tool',
  icon: 'tool icon-only',
  frame: 'btn icon-only',
  'frame-danger': 'btn icon-only danger-quiet',
  button: 'btn',
  primary: 'btn primary',
  danger: 'btn danger-quiet',
} as const;

/** A command of the registry as a button; a disabled one says why. */
export function ToolButton({ id, icon: Icon, look = 'tool', label, pressed }: Props) {
  const store = useAppStore();
  const { hidden, obstacle, keys } = commandOf(id);
  const why = useApp((state) => obstacle?.(state));
  const gone = useApp((state) => hidden?.(state) ?? false);
  const text = useApp((state) => label ?? labelFor(id, state));
  if (gone) return null;
  const key = shownKeys(keys, isMac());
  const plain = text.replace(/…$/, '');
  return (
    <button
      type="button"
      className={CLASSES[look]}
      aria-label={text}
      title={why ? `${plain}: ${why}` : key ? `${plain} (${key})` : plain}
      aria-disabled={why !== undefined}
      aria-pressed={pressed}
      onClick={() => runCommand(id, store.getState())}
    >
      <Icon className="i" aria-hidden="true" />
      {look !== 'icon' && !look.startsWith('frame') && <span className="t">{text}</span>}
    </button>
  );
}
