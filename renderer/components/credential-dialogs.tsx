import type { CredentialId } from '../../shared/credential.ts';
import { useApp } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { assigned, usesInWords, usesOf } from '../credential-uses.ts';
import { assignSignIn } from '../profile-changes.ts';
import { ChoiceList } from './choice-list.tsx';
import { DialogHead } from './dialog-head.tsx';
import { Gone } from './gone.tsx';
import { groupsByPath } from './membership-fields.tsx';

interface Props {
  readonly credentialId: CredentialId;
  readonly close: () => void;
}

const useCredential = (credentialId: CredentialId) =>
  useApp(({ credentials }) => credentials?.credentials.find(({ id }) => id === credentialId));

/** To a group, which all below inherit, or to one computer. */
export function AssignCredential({ credentialId, close }: Props) {
  const profile = useApp((state) => state.profile);
  const attemptEdit = useApp((state) => state.attemptEdit);
  const credential = useCredential(credentialId);
  if (!profile) return null;
  if (!credential) return <Gone what="This credential" close={close} />;
  const names = namesOf(profile.computers);
  const choices = [
    ...groupsByPath(profile).map(({ group, path }) => ({ id: group.id, label: path, aside: 'group' })),
    ...profile.computers.map(({ id }) => ({ id, label: names.get(id) ?? '', aside: 'computer' })),
  ];
  const choose = (id: string) =>
    attemptEdit(assignSignIn(profile, credential.name, assigned(profile, credentialId, id)));
  return (
    <ChoiceList
      title={`Assign ${credential.name} to`}
      explanation="What a group signs in with, all below it do, unless they have a credential of their own."
      label="Groups and computers"
      choices={choices}
      verb="Assign"
      close={close}
      choose={choose}
    />
  );
}

/** Signs in to one computer, once. */
export function TestCredential({ credentialId, close }: Props) {
  const profile = useApp((state) => state.profile);
  const ask = useApp((state) => state.ask);
  const credential = useCredential(credentialId);
  if (!profile) return null;
  if (!credential) return <Gone what="This credential" close={close} />;
  const names = namesOf(profile.computers);
  const using = new Set(usesOf(profile, credentialId).computers.map(({ id }) => id));
  const choices = profile.computers
    .map(({ id }) => ({
      id,
      label: names.get(id) ?? '',
      ...(using.has(id) && { aside: 'signs in with it' }),
    }))
    .toSorted((a, b) => Number(using.has(b.id)) - Number(using.has(a.id)));
  return (
    <ChoiceList
      title={`Test ${credential.name} on`}
      explanation={
        credential.certificate
          ? 'It signs in once, with TLS.'
          : 'It signs in once. A refusal counts towards the account’s lock-out.'
      }
      label="Computers"
      choices={choices}
      verb="Test"
      close={close}
      choose={async (computerId) => {
        void ask('credential.test', { credentialId, computerId }); // what comes of it stands on the page
        return undefined;
      }}
    />
  );
}

/** There is no way back: nobody can read the password to keep it. */
export function DeleteCredential({ credentialId, close }: Props) {
  const profile = useApp((state) => state.profile);
  const ask = useApp((state) => state.ask);
  const credential = useCredential(credentialId);
  if (!profile) return null;
  if (!credential) return <Gone what="This credential" close={close} />;
  const uses = usesOf(profile, credentialId);
  const isUsed = uses.groups.length + uses.own.length > 0;
  return (
    <>
      <DialogHead title={`Delete the credential ${credential.name}?`}>
        {isUsed
          ? `Used by ${usesInWords(uses)}: they will wait to be signed in. `
          : 'Nobody signs in with it. '}
        {credential.certificate
          ? 'The passphrase of its file is forgotten; the file stays where it is.'
          : `The password of ${credential.username} is forgotten and cannot be brought back.`}
      </DialogHead>
      <footer>
        <span className="grow" />
        <button type="button" className="btn l" autoFocus onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn l danger"
          onClick={() => {
            close();
            void ask('credential.delete', { credentialId });
          }}
        >
          Delete credential
        </button>
      </footer>
    </>
  );
}
