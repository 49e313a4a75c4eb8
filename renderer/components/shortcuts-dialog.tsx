import { commandOf, COMMAND_IDS } from '../commands.ts';
import { keyCaps } from '../keys.ts';
import { MENU_NAMES } from '../menus.ts';
import type { Region } from '../panes.ts';
import { isMac } from '../platform.ts';
import { CloseFooter } from './close-footer.tsx';
import { DialogHead } from './dialog-head.tsx';

const REGION_WORDS: Readonly<Record<Region, string>> = {
  tree: 'in the tree',
  table: 'in the table',
  console: 'in the console',
  credentials: 'among the credentials',
};

/** What the panes do with keys by themselves. */
const OWN_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['↑', '↓', 'Home', 'End'], 'Go from line to line'],
  [['→', '←'], 'Open and close a group of the tree'],
  [['Shift', '↑ ↓'], 'Select a range'],
  [['Ctrl', 'Space'], 'Select one more in the tree'],
  [['Shift', 'F10'], 'Menu of what has the focus'],
  [['Ctrl', 'Enter'], 'Save, from any field of a dialog'],
  [['Esc'], 'Back one level'],
];

/** Every key that means something, from the registry. */
export function ShortcutsDialog({ close }: { close: () => void }) {
  const mac = isMac();
  const sections = MENU_NAMES.map((name) => ({
    name,
    ids: COMMAND_IDS.filter((id) => commandOf(id).menu === name && commandOf(id).keys),
  })).filter(({ ids }) => ids.length > 0);
  return (
    <>
      <DialogHead title="Keyboard shortcuts" />
      <div className="body shortcuts" role="group" aria-label="Shortcuts" tabIndex={0}>
        <section aria-label="Everywhere">
          <h3 className="sub">Everywhere</h3>
          <dl>
            {OWN_KEYS.map(([keys, what]) => (
              <Line
                key={what}
                what={what}
                chords={[keys.map((key) => (mac && key === 'Ctrl' ? '⌘' : key))]}
              />
            ))}
          </dl>
        </section>
        {sections.map(({ name, ids }) => (
          <section key={name} aria-label={name}>
            <h3 className="sub">{name}</h3>
            <dl>
              {ids.map((id) => {
                const { label, keys = [], at } = commandOf(id);
                const where = at?.map((region) => REGION_WORDS[region]).join(', ');
                return (
                  <Line
                    key={id}
                    what={label.replace(/…$/, '')}
                    where={where}
                    chords={keys.map((chord) => keyCaps(chord, mac))}
                  />
                );
              })}
            </dl>
          </section>
        ))}
      </div>
      <CloseFooter close={close} />
    </>
  );
}

interface LineProps {
  readonly what: string;
  readonly where?: string | undefined;
  readonly chords: readonly (readonly string[])[];
}

const Line = ({ what, where, chords }: LineProps) => (
  <div className="pair">
    <dt>
      {what} {where && <span className="faint">{where}</span>}
    </dt>
    <dd>
      {chords.map((keys) => (
        <span key={keys.join(' ')} className="keys">
          {keys.map((key) => (
            <kbd key={key} className="key">
              {key}
            </kbd>
          ))}
        </span>
      ))}
    </dd>
  </div>
);
