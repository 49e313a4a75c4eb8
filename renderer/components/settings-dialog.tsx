import { useId, useState } from 'react';
import type { SettingsChange } from '../../shared/settings.ts';
import { useApp } from '../app-context.ts';
import { isComposing } from '../composing.ts';
import { CloseFooter } from './close-footer.tsx';
import { DialogHead } from './dialog-head.tsx';

const THEMES = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;
const DENSITIES = [
  ['compact', 'Compact'],
  ['normal', 'Normal'],
  ['roomy', 'Roomy'],
] as const;
const ZOOMS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 2] as const;
const THROTTLE = { default: 32, min: 1, max: 256 } as const;

/** How the app looks, and how many computers it asks at once. Each change counts at once. */
export function SettingsDialog({ close }: { close: () => void }) {
  const settings = useApp((state) => state.settings);
  const ask = useApp((state) => state.ask);
  const id = useId();
  const set = (change: SettingsChange) => void ask('settings.change', change);
  const zoom = settings?.zoom ?? 1;
  const zooms = [...new Set([...ZOOMS, zoom])].toSorted((a, b) => a - b);
  return (
    <>
      <DialogHead title="Settings" />
      <div className="body form">
        <Choices
          label="Theme"
          choices={THEMES}
          value={settings?.theme ?? 'system'}
          choose={(theme) => set({ theme })}
        />
        <Choices
          label="Density"
          choices={DENSITIES}
          value={settings?.density ?? 'normal'}
          choose={(density) => set({ density })}
        />
        <div className="setting">
          <label htmlFor={`${id}-zoom`}>Zoom</label>
          <select
            id={`${id}-zoom`}
            className="field"
            value={zoom}
            onChange={(event) => set({ zoom: Number(event.target.value) })}
          >
            {zooms.map((one) => (
              <option key={one} value={one}>
                {Math.round(one * 100)} %
              </option>
            ))}
          </select>
        </div>
        <Throttle limit={settings?.throttleLimit ?? THROTTLE.default} set={set} />
      </div>
      <CloseFooter close={close} done />
    </>
  );
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [T, string])[];
  readonly value: T;
  readonly choose: (value: T) => void;
}

function Choices<T extends string>({ label, choices, value, choose }: ChoicesProps<T>) {
  const id = useId();
  return (
    <div className="setting" role="radiogroup" aria-labelledby={id}>
      <span id={id}>{label}</span>
      <span className="segmented">
        {choices.map(([one, text]) => (
          <label key={one}>
            <input
              type="radio"
              className="sr"
              name={id}
              value={one}
              checked={one === value}
              onChange={() => choose(one)}
            />
            <span>{text}</span>
          </label>
        ))}
      </span>
    </div>
  );
}

function Throttle({ limit, set }: { limit: number; set: (change: SettingsChange) => void }) {
  const id = useId();
  const [text, setText] = useState(String(limit));
  const n = Number(text);
  const isFit = /^\d+$/.test(text) && n >= THROTTLE.min && n <= THROTTLE.max;
  return (
    <div className="setting">
      <label htmlFor={id}>Computers asked at once</label>
      <input
        id={id}
        className={isFit ? 'field num' : 'field num bad'}
        inputMode="numeric"
        aria-invalid={!isFit}
        aria-describedby={`${id}-hint`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => isFit && n !== limit && set({ throttleLimit: n })}
        onKeyDown={(event) =>
          event.key === 'Enter' && !isComposing(event) && isFit && set({ throttleLimit: n })
        }
      />
      <p className="hint" id={`${id}-hint`}>
        From {THROTTLE.min} to {THROTTLE.max}; {THROTTLE.default} as PowerShell has it.
      </p>
    </div>
  );
}
