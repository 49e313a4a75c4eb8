import type { ComputerId } from '../../shared/computer.ts';
import { useApp } from '../app-context.ts';
import { DialogHead } from './dialog-head.tsx';

export function ForgetQuestion({ computerId, close }: { computerId: ComputerId; close: () => void }) {
  const computer = useApp(({ profile }) => profile?.computers.find(({ id }) => id === computerId));
  const ask = useApp((state) => state.ask);
  const show = useApp((state) => state.show);
  const forget = () => {
    close();
    show({ place: 'all' });
    void ask('profile.edit', { label: 'Remove computer', put: {}, remove: { computers: [computerId] } });
  };
  return (
    <>
      <DialogHead title={`Remove ${computer?.computerName ?? 'the computer'} from the list?`}>
        Its sessions stay as they are. What is connected from here is disconnected first.
      </DialogHead>
      <footer>
        <span className="grow" />
        <button type="button" className="btn" autoFocus onClick={close}>
          Cancel
        </button>
        <button type="button" className="btn danger" onClick={forget}>
          Remove from the list
        </button>
      </footer>
    </>
  );
}
