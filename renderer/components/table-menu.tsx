import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Keyboard, Menu, MenuItem, Popover, Separator, Text } from 'react-aria-components';
import { shownTable, useApp, useAppStore } from '../app-context.ts';
import { COLUMN_IDS, columnOf, FIRST_COLUMNS, FIXED_COLUMNS } from '../columns.ts';
import type { ColumnId } from '../columns.ts';
import { commandOf, labelFor, runCommand } from '../commands.ts';
import type { CommandId } from '../commands.ts';
import { shownKeys } from '../keys.ts';
import { changeTable } from '../table-actions.ts';
import { toggled } from '../table-settings.ts';
import type { Grouping } from '../table-settings.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly kind: 'row' | 'columns' | 'groupBy';
  readonly at: Point;
  readonly close: () => void;
}

/** What can be done with the rows that are selected, or how the table is shown: a menu where it was asked for. */
export function TableMenu({ kind, at, close }: Props) {
  if (kind === 'row') return <RowMenu at={at} close={close} />;
  return kind === 'columns' ? <ColumnsMenu at={at} close={close} /> : <GroupByMenu at={at} close={close} />;
}

const mac = () => document.documentElement.dataset['platform'] === 'darwin';

const SECTIONS: readonly (readonly CommandId[])[] = [
  ['session.open', 'session.whenFree', 'session.notWhenFree', 'session.disconnect'],
  ['session.remove', 'session.forceRemove'],
  ['session.copy', 'session.copyAsPowerShell'],
  ['view.details'],
];

function RowMenu({ at, close }: Omit<Props, 'kind'>) {
  const store = useAppStore();
  const state = useApp((all) => all);
  const sections = SECTIONS.map((ids) => ids.filter((id) => !commandOf(id).hidden?.(state)));
  const why = (id: CommandId) => commandOf(id).obstacle?.(state);
  const blocked = sections.flat().filter((id) => why(id) !== undefined);
  return (
    <MenuAt label="Session" at={at} close={close}>
      <Menu
        aria-label="Session"
        autoFocus="first"
        className="menu"
        disabledKeys={blocked}
        onAction={(id) => {
          close();
          runCommand(id as CommandId, store.getState());
        }}
        onClose={close}
      >
        {sections.flatMap((ids, i) => [
          ...(i > 0 && ids.length > 0 ? [<Separator key={`before-${ids[0]}`} className="menu-line" />] : []),
          ...ids.map((id) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={labelFor(id, state)}>
              <Text slot="label">{labelFor(id, state)}</Text>
              {/* Keys and reasons are drawn: they describe the item and are no part of its name. */}
              {why(id) ? (
                <>
                  <span className="why" aria-hidden="true" data-why={why(id)} />
                  <Text slot="description" className="sr">
                    {why(id)}
                  </Text>
                </>
              ) : (
                commandOf(id).keys && <Keyboard data-keys={shownKeys(commandOf(id).keys, mac())} />
              )}
            </MenuItem>
          )),
        ])}
      </Menu>
    </MenuAt>
  );
}

/** A column per line, checked when it is shown; it stays open, so that several can be chosen. */
function ColumnsMenu({ at, close }: Omit<Props, 'kind'>) {
  const store = useAppStore();
  const { columns } = useApp(shownTable);
  const shown = columns.map(({ column }) => column);
  const change = (next: typeof columns) => changeTable(store.getState(), { columns: next });
  return (
    <MenuAt label="Columns" at={at} close={close}>
      <Menu
        aria-label="Columns"
        autoFocus="first"
        className="menu checks"
        selectionMode="multiple"
        selectedKeys={shown}
        disabledKeys={FIXED_COLUMNS}
        onAction={(id) => {
          if (id === RESET) change(FIRST_COLUMNS.map((column) => ({ column })));
          else change(toggled(columns, id as ColumnId));
        }}
        onClose={close}
      >
        {COLUMN_IDS.map((id) => (
          <Check key={id} id={id} label={columnOf(id).title} />
        ))}
        <Separator className="menu-line" />
        <MenuItem id={RESET} className="menu-item">
          <Text slot="label">As at first</Text>
        </MenuItem>
      </Menu>
    </MenuAt>
  );
}

const RESET = 'reset';

const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  group: 'Group',
  computer: 'Computer',
  owner: 'Owner',
  state: 'State',
  none: 'Not grouped',
};

function GroupByMenu({ at, close }: Omit<Props, 'kind'>) {
  const store = useAppStore();
  const { groupBy } = useApp(shownTable);
  return (
    <MenuAt label="Group by" at={at} close={close}>
      <Menu
        aria-label="Group by"
        autoFocus="first"
        className="menu checks"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[groupBy]}
        onAction={(id) => {
          close();
          changeTable(store.getState(), { groupBy: id as Grouping });
        }}
        onClose={close}
      >
        {Object.entries(GROUPING_WORDS).map(([id, label]) => (
          <Check key={id} id={id} label={label} />
        ))}
      </Menu>
    </MenuAt>
  );
}

const Check = ({ id, label }: { id: string; label: string }) => (
  <MenuItem id={id} className="menu-item" textValue={label}>
    {({ isSelected }) => (
      <>
        <span className="mark" aria-hidden="true">
          {isSelected ? '✓' : ''}
        </span>
        <Text slot="label">{label}</Text>
      </>
    )}
  </MenuItem>
);

interface MenuAtProps {
  readonly label: string;
  readonly at: Point;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** A popover hangs on an element: one without extent stands for the point, outside of the table, whose `contain` would move it. */
function MenuAt({ label, at, close, children }: MenuAtProps) {
  const [anchor, setAnchor] = useState<HTMLSpanElement | null>(null);
  const trigger = useMemo(() => ({ current: anchor }), [anchor]);
  return (
    <>
      {createPortal(
        <span ref={setAnchor} className="menu-anchor" style={{ left: at.x, top: at.y }} />,
        document.body,
      )}
      {anchor && (
        <Popover
          isOpen
          triggerRef={trigger}
          placement="bottom start"
          offset={2}
          className="menu-popover"
          aria-label={label}
          onOpenChange={(isOpen) => !isOpen && close()}
        >
          {children}
        </Popover>
      )}
    </>
  );
}
