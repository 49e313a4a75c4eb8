import { useId, useState } from 'react';
import type { GroupId } from '../../shared/computer.ts';
import type { CredentialId } from '../../shared/credential.ts';
import { pathOf } from '../../shared/inheritance.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { goTo } from '../navigate.ts';
import { isWindows } from '../platform.ts';
import { placeOf } from '../place.ts';
import { addGroup } from '../profile-changes.ts';
import { groupsByPath } from './membership-fields.tsx';
import { Gone } from './gone.tsx';
import { NameForm } from './name-form.tsx';

interface Closes {
  readonly close: () => void;
}

/** A group, at the top or in another. */
export function NewGroup({ parentId, close }: Closes & { parentId?: GroupId | undefined }) {
  const store = useAppStore();
  const profile = useApp((state) => state.profile);
  const id = useId();
  const [parent, setParent] = useState(parentId ?? '');
  const [groupId] = useState(() => crypto.randomUUID());
  const save = (name: string) => {
    const group = { id: groupId, name, options: {}, ...(parent && { parentId: parent }) };
    return store.getState().attemptEdit(addGroup(group));
  };
  const open = () => {
    const { expanded, show } = store.getState();
    if (profile && parent)
      show({ expanded: new Set([...expanded, ...pathOf(profile, parent).map((one) => one.id)]) });
    goTo(store.getState(), placeOf('group', groupId));
  };
  return (
    <NameForm title="New group" label="Name" verb="Add group" close={close} save={save} saved={open}>
      {profile && profile.groups.length > 0 && (
        <div>
          <label className="label" htmlFor={id}>
            Stands in
          </label>
          <select
            id={id}
            className="field"
            value={parent}
            onChange={(event) => setParent(event.target.value)}
          >
            <option value="">The top</option>
            {groupsByPath(profile).map(({ group, path }) => (
              <option key={group.id} value={group.id}>
                {path}
              </option>
            ))}
          </select>
        </div>
      )}
    </NameForm>
  );
}

type Kind = 'password' | 'file' | 'windowsStore';

/** Its name and kind; account, password and passphrase are typed into a window of their own. */
export function NewCredential({ close }: Closes) {
  const attempt = useApp((state) => state.attempt);
  const names = useApp((state) => state.credentials?.credentials);
  const taken = new Set(names?.map(({ name }) => name.toLowerCase()));
  const id = useId();
  const [kind, setKind] = useState<Kind>('password');
  const [thumbprint, setThumbprint] = useState('');
  const certificate = kind === 'password' ? undefined : kind === 'file' ? { kind } : { kind, thumbprint };
  return (
    <NameForm
      title="New credential"
      explanation={EXPLANATIONS[kind]}
      label="Name"
      verb="Go on"
      problem={(name) => (taken.has(name.toLowerCase()) ? 'There is one of this name already.' : undefined)}
      close={close}
      save={(name) => attempt('credential.add', { name, ...(certificate && { certificate }) })}
    >
      <div>
        <label className="label" htmlFor={id}>
          Kind
        </label>
        <select
          id={id}
          className="field"
          value={kind}
          onChange={({ target }) => setKind(target.value as Kind)}
        >
          <option value="password">Account and password</option>
          <option value="file">Client certificate, of a file</option>
          {isWindows() && <option value="windowsStore">Client certificate, of Windows’ store</option>}
        </select>
      </div>
      {kind === 'windowsStore' && (
        <div>
          <label className="label" htmlFor={`${id}-thumbprint`}>
            Thumbprint
          </label>
          <input
            id={`${id}-thumbprint`}
            className="field"
            spellCheck={false}
            maxLength={200}
            value={thumbprint}
            onChange={({ target }) => setThumbprint(target.value)}
          />
        </div>
      )}
    </NameForm>
  );
}

const EXPLANATIONS: Readonly<Record<Kind, string>> = {
  password: 'Account and password are asked for in a window of their own.',
  file: 'The system asks for the PFX or PEM file, and a window of its own for its passphrase.',
  windowsStore: 'One of the Personal store, whose private key may be exported. It signs in with TLS alone.',
};

export function RenameCredential({ credentialId, close }: Closes & { credentialId: CredentialId }) {
  const attempt = useApp((state) => state.attempt);
  const all = useApp((state) => state.credentials?.credentials);
  const name = all?.find(({ id }) => id === credentialId)?.name;
  if (name === undefined) return <Gone what="This credential" close={close} />;
  const taken = new Set(all?.filter(({ id }) => id !== credentialId).map((one) => one.name.toLowerCase()));
  return (
    <NameForm
      title={`Rename ${name}`}
      label="Name"
      verb="Rename"
      first={name}
      problem={(next) => (taken.has(next.toLowerCase()) ? 'There is one of this name already.' : undefined)}
      close={close}
      save={(next) => attempt('credential.rename', { credentialId, name: next })}
    />
  );
}
