import type { CredentialInfo } from '../shared/credential.ts';
import type { AppCommand } from './commands.ts';
import { goTo } from './navigate.ts';
import type { AppState } from './store.ts';

const chosen = ({ credentials, credentialId, place }: AppState): CredentialInfo | undefined =>
  place === 'credentials' ? credentials?.credentials.find(({ id }) => id === credentialId) : undefined;

const noneChosen = (state: AppState) => (chosen(state) ? undefined : 'Select a credential on its page first');

const asks =
  (kind: 'renameCredential' | 'assignCredential' | 'testCredential' | 'deleteCredential') =>
  (state: AppState) => {
    const one = chosen(state);
    if (one) state.show({ dialog: { kind, credentialId: one.id } });
  };

/** Named passwords. None is ever in this window. */
export const CREDENTIAL_COMMANDS = {
  'credential.open': {
    label: 'Credentials',
    menu: 'Tools',
    run: (state) => goTo(state, 'credentials'),
  },
  'credential.add': {
    label: 'New credential…',
    menu: 'Tools',
    run: ({ show }) => show({ dialog: { kind: 'newCredential' } }),
  },
  'credential.replace': {
    label: 'New password…',
    title: (state) => (chosen(state)?.certificate ? 'Choose certificate…' : 'New password…'),
    menu: 'Tools',
    obstacle: noneChosen,
    run: (state) => {
      const one = chosen(state);
      if (one) void state.ask('credential.replace', { credentialId: one.id });
    },
  },
  'credential.rename': {
    label: 'Rename credential…',
    menu: 'Tools',
    keys: ['F2'],
    at: ['credentials'],
    obstacle: noneChosen,
    run: asks('renameCredential'),
  },
  'credential.assign': {
    label: 'Assign to…',
    menu: 'Tools',
    obstacle: (state) => (state.profile?.sample ? 'The sample fleet needs none' : noneChosen(state)),
    run: asks('assignCredential'),
  },
  'credential.test': {
    label: 'Test on…',
    menu: 'Tools',
    obstacle: (state) => {
      if (state.profile?.sample) return 'The sample fleet needs none';
      return state.profile?.computers.length === 0 ? 'There are no computers yet' : noneChosen(state);
    },
    run: asks('testCredential'),
  },
  'credential.delete': {
    label: 'Delete credential…',
    menu: 'Tools',
    keys: ['Delete'],
    at: ['credentials'],
    obstacle: noneChosen,
    run: asks('deleteCredential'),
  },
} satisfies Record<string, AppCommand>;
