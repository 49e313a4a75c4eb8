import { useState } from 'react';
import type { ComputerId } from '../../shared/computer.ts';
import { useApp } from '../app-context.ts';
import type { Draft } from '../store.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { DialogHead } from './dialog-head.tsx';

/** Account and options of a computer that is in the list. */
export function EditComputer({ computerId, close }: { computerId: ComputerId; close: () => void }) {
  const computer = useApp(({ profile }) => profile?.computers.find(({ id }) => id === computerId));
  const ask = useApp((state) => state.ask);
  const { authentication, useSSL, port, allowBasicOverHttp } = computer?.options ?? {};
  const [fields, setFields] = useState<Omit<Draft, 'text'>>({
    username: computer?.signIn?.kind === 'ask' ? (computer.signIn.username ?? '') : '',
    options: {
      ...(authentication && { authentication }),
      ...(useSSL && { useSSL }),
      ...(port && { port }),
      ...(allowBasicOverHttp && { allowBasicOverHttp }),
    },
  });
  if (!computer) return null;
  const save = () => {
    const username = fields.username.trim();
    close();
    const { signIn: _, ...own } = computer;
    const edited = {
      ...own,
      options: { ...own.options, ...fields.options },
      ...(username && { signIn: { kind: 'ask' as const, username } }),
    };
    void ask('profile.edit', { label: 'Edit computer', put: { computers: [edited] }, remove: {} });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <DialogHead title={`Edit ${computer.computerName}`} />
      <div className="body">
        <ConnectionFields {...fields} onChange={(change) => setFields({ ...fields, ...change })} />
      </div>
      <footer>
        <span className="grow" />
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn primary">
          Save
        </button>
      </footer>
    </form>
  );
}
