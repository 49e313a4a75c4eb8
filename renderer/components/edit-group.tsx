import { useId } from 'react';
import type { Group, GroupId } from '../../shared/computer.ts';
import { isSafe, pathOf } from '../../shared/inheritance.ts';
import { useApp } from '../app-context.ts';
import { changeGroup, shownOf, VARIOUS } from '../bulk-edit.ts';
import type { Changes, Subject } from '../bulk-edit.ts';
import { editGroup } from '../profile-changes.ts';
import { spanText } from '../span-text.ts';
import { CommonFields } from './common-fields.tsx';
import { EditForm } from './edit-form.tsx';
import { Gone } from './gone.tsx';
import { OptionsEditor } from './options-editor.tsx';
import { OriginText } from './origin-text.tsx';
import { SignInField } from './sign-in-field.tsx';

interface FieldProps {
  readonly subject: Subject;
  readonly groups: readonly Group[];
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
}

/** A group: what it sets counts for all below it that do not set it themselves. */
export function EditGroup({ groupId, close }: { groupId: GroupId; close: () => void }) {
  const profile = useApp((state) => state.profile);
  const attemptEdit = useApp((state) => state.attemptEdit);
  const id = useId();
  const group = profile?.groups.find((one) => one.id === groupId);
  if (!profile) return null;
  if (!group) return <Gone what="This group" close={close} />;
  const save = async (changes: Changes) => {
    const edited = changeGroup(group, {
      ...changes,
      name: (changes.name ?? group.name).trim() || group.name,
    });
    return JSON.stringify(edited) !== JSON.stringify(group)
      ? attemptEdit(editGroup(profile, edited))
      : undefined;
  };
  return (
    <EditForm
      of={`group ${groupId}`}
      title={`Edit ${group.name}`}
      explanation="What is set here counts for all below, unless they set it themselves."
      close={close}
      save={save}
    >
      {(changes, onChange) => {
        const own = changeGroup(group, changes);
        const subject = { own, above: pathOf(profile, group.parentId) };
        const fields = { subject, groups: profile.groups, changes, onChange };
        return (
          <>
            <div>
              <label className="label" htmlFor={id}>
                Name
              </label>
              <input
                id={id}
                className="field"
                required
                spellCheck={false}
                maxLength={100}
                value={changes.name ?? group.name}
                onChange={(event) => onChange({ ...changes, name: event.target.value })}
              />
            </div>
            <SignInField
              subjects={[subject]}
              groups={profile.groups}
              onChange={(signIn) => onChange({ ...changes, signIn })}
            />
            <div className="options">
              <RefreshField {...fields} />
              <SafeField {...fields} isSafeAbove={isSafe(profile, group.parentId ? [group.parentId] : [])} />
            </div>
            <OptionsEditor
              subjects={[subject]}
              groups={profile.groups}
              changes={changes}
              onChange={onChange}
            />
            <CommonFields all={[own]} changes={changes} onChange={onChange} />
          </>
        );
      }}
    </EditForm>
  );
}

/** Seconds. */
const EVERY = [15, 30, 60, 120, 300, 600, 1_800, 3_600];
const everyText = (s: number) => (s === 0 ? 'Never' : `Every ${spanText(s * 1_000)}`);

function RefreshField({ subject, groups, changes, onChange }: FieldProps) {
  const id = useId();
  const { own, effective, origin } = shownOf([subject], (one) =>
    'refreshEveryS' in one ? one.refreshEveryS : undefined,
  );
  const value = own === VARIOUS || own === undefined ? '' : String(own);
  const all = [...new Set([0, ...EVERY, ...(typeof own === 'number' ? [own] : [])])].toSorted(
    (a, b) => a - b,
  );
  return (
    <div className="option-row">
      <label className="name" htmlFor={id}>
        Refresh
      </label>
      <select
        id={id}
        className={value ? 'field' : 'field inherited'}
        value={value}
        onChange={({ target }) =>
          onChange({ ...changes, refreshEveryS: target.value === '' ? null : Number(target.value) })
        }
      >
        <option value="">
          {own === undefined
            ? `${everyText(typeof effective === 'number' ? effective : 0)} (inherited)`
            : 'Inherit'}
        </option>
        {all.map((s) => (
          <option key={s} value={s}>
            {everyText(s)}
          </option>
        ))}
      </select>
      <OriginText
        label="Refresh"
        origin={origin}
        groups={groups}
        reset={() => onChange({ ...changes, refreshEveryS: null })}
      />
      <p className="hint">
        How often its computers are asked again by themselves. <span className="faint">Default: Never.</span>
      </p>
    </div>
  );
}

/** Once on, it is on for all below: a group cannot be less careful than the one above it. */
function SafeField({
  subject,
  groups,
  changes,
  onChange,
  isSafeAbove,
}: FieldProps & { isSafeAbove: boolean }) {
  const id = useId();
  const isOn = 'safeMode' in subject.own && Boolean(subject.own.safeMode);
  const above = subject.above.find(({ safeMode }) => safeMode);
  const origin = isOn
    ? ({ kind: 'own' } as const)
    : above
      ? ({ kind: 'group', groupId: above.id } as const)
      : ({ kind: 'default' } as const);
  return (
    <div className="option-row">
      <label className="name" htmlFor={id}>
        Safe mode
      </label>
      <select
        id={id}
        className={isOn ? 'field' : 'field inherited'}
        value={isOn ? 'on' : ''}
        onChange={({ target }) => onChange({ ...changes, safeMode: target.value === 'on' ? true : null })}
      >
        <option value="">{isSafeAbove ? 'On (inherited)' : 'Off'}</option>
        <option value="on">On</option>
      </select>
      <OriginText
        label="Safe mode"
        origin={origin}
        groups={groups}
        reset={() => onChange({ ...changes, safeMode: null })}
      />
      <p className="hint">
        Removing sessions always asks, and the number is typed. <span className="faint">Default: Off.</span>
      </p>
    </div>
  );
}
