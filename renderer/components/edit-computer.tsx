import { useId } from 'react';
import { parseComputers } from '../../shared/computer-text.ts';
import type { Computer, ComputerId } from '../../shared/computer.ts';
import { ancestryOf } from '../../shared/inheritance.ts';
import { useApp } from '../app-context.ts';
import { changeComputer } from '../bulk-edit.ts';
import type { Changes } from '../bulk-edit.ts';
import { nameAmong } from '../computer-names.ts';
import { count } from '../format.ts';
import { editComputers } from '../profile-changes.ts';
import { CommonFields } from './common-fields.tsx';
import { EditForm } from './edit-form.tsx';
import { Gone } from './gone.tsx';
import { GroupsField, TagsField } from './membership-fields.tsx';
import { OptionsEditor } from './options-editor.tsx';
import { SignInField } from './sign-in-field.tsx';

interface Props {
  readonly computerIds: readonly ComputerId[];
  readonly close: () => void;
}

/** One computer, or several at once: what differs is said, and stays unless it is changed. */
export function EditComputer({ computerIds, close }: Props) {
  const profile = useApp((state) => state.profile);
  const attemptEdit = useApp((state) => state.attemptEdit);
  const wanted = new Set(computerIds);
  const computers = (profile?.computers ?? []).filter(({ id }) => wanted.has(id));
  const [first] = computers;
  if (!profile) return null;
  if (!first) return <Gone what={'This computer'} close={close} />;
  const isOne = computers.length === 1;
  const save = async (changes: Changes) => {
    const edited = computers.map((one) => changeComputer(one, changes));
    const differ = edited.filter((one, i) => JSON.stringify(one) !== JSON.stringify(computers[i]));
    return differ.length > 0 ? attemptEdit(editComputers(profile, differ)) : undefined;
  };
  return (
    <EditForm
      of={`computers ${computerIds.join(' ')}`}
      title={
        isOne ? `Edit ${nameAmong(profile.computers, first)}` : `Edit ${count(computers.length, 'computer')}`
      }
      {...(!isOne && { explanation: 'What differs stays as it is with each, unless you change it.' })}
      close={close}
      save={save}
    >
      {(changes, onChange) => {
        const now = computers.map((one) => changeComputer(one, changes));
        const subjects = now.map((own) => ({ own, above: ancestryOf(profile, own) }));
        const fields = { computers: now, changes, onChange };
        return (
          <>
            {isOne && (
              <NameField name={changes.name ?? first.computerName} changes={changes} onChange={onChange} />
            )}
            <div className="two top">
              <GroupsField profile={profile} {...fields} />
              <TagsField {...fields} />
            </div>
            <SignInField
              subjects={subjects}
              groups={profile.groups}
              onChange={(signIn) => onChange({ ...changes, signIn })}
            />
            <OptionsEditor
              subjects={subjects}
              groups={profile.groups}
              changes={changes}
              onChange={onChange}
            />
            <Pinned computers={now} unpin={() => onChange({ ...changes, unpin: true })} />
            <Redirected computers={now} stay={() => onChange({ ...changes, stay: true })} />
            <CommonFields all={now} changes={changes} onChange={onChange} />
          </>
        );
      }}
    </EditForm>
  );
}

interface NameProps {
  readonly name: string;
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
}

/** What is asked; port and path stand among the options. */
function NameField({ name, changes, onChange }: NameProps) {
  const id = useId();
  const type = (element: HTMLInputElement) => {
    element.setCustomValidity(isName(element.value) ? '' : 'Type one name or address.');
    onChange({ ...changes, name: element.value.trim() });
  };
  return (
    <div>
      <label className="label" htmlFor={id}>
        Name or address
      </label>
      <input
        id={id}
        className={isName(name) ? 'field' : 'field bad'}
        spellCheck={false}
        maxLength={255}
        value={name}
        onChange={(event) => type(event.target)}
      />
    </div>
  );
}

function isName(text: string): boolean {
  const [entry, more] = parseComputers(text);
  return entry !== undefined && !more && 'options' in entry && Object.keys(entry.options).length === 0;
}

/** A certificate that is trusted here alone can be let go; it is pinned where it was shown. */
function Pinned({ computers, unpin }: { computers: readonly Computer[]; unpin: () => void }) {
  const n = computers.filter(({ options }) => options.pinnedCertificate).length;
  if (n === 0) return null;
  return (
    <div className="line">
      <span className="small grow">
        {computers.length === 1
          ? 'One certificate is pinned: only it is accepted.'
          : `${n} have a certificate pinned.`}
      </span>
      <button type="button" className="btn" onClick={unpin}>
        Trust it no more
      </button>
    </div>
  );
}

/** Where it may send on to can be taken back; it is allowed where it was named. */
function Redirected({ computers, stay }: { computers: readonly Computer[]; stay: () => void }) {
  const places = [...new Set(computers.flatMap(({ options }) => options.redirectTo ?? []))];
  const n = computers.filter(({ options }) => options.redirectTo).length;
  if (n === 0) return null;
  return (
    <div className="line">
      <span className="small grow">
        {n === 1 ? `Redirection is allowed to ${places.join(', ')}.` : `${n} are allowed to redirect.`}
      </span>
      <button type="button" className="btn" onClick={stay}>
        Allow it no more
      </button>
    </div>
  );
}
