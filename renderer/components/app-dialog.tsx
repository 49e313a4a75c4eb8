import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useApp, useAppStore } from '../app-context.ts';
import { focusPane } from '../panes.ts';
import type { Dialog as DialogState } from '../store.ts';
import { AddComputers } from './add-computers.tsx';
import { EditComputer } from './edit-computer.tsx';
import { ForgetQuestion } from './forget-question.tsx';
import { PinCertificate } from './pin-certificate.tsx';
import { RemoveQuestion } from './remove-question.tsx';
import { SaveView } from './save-view.tsx';

/** The one dialog that can be open. Focus returns to where it came from. */
export function AppDialog() {
  const store = useAppStore();
  const dialog = useApp((state) => state.dialog);
  const close = () => {
    store.getState().show({ dialog: undefined });
    // A menu or a row that is gone cannot take the focus back.
    requestAnimationFrame(() => document.activeElement === document.body && focusPane('pane-table'));
  };
  return (
    <ModalOverlay
      className="scrim"
      isOpen={dialog !== undefined && dialog.kind !== 'inUse'}
      isDismissable
      onOpenChange={(open) => !open && close()}
    >
      <Modal className={dialog?.kind === 'add' || dialog?.kind === 'remove' ? 'modal wide' : 'modal'}>
        <Dialog className="dialog">{dialog && contentOf(dialog, close)}</Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function contentOf(dialog: DialogState, close: () => void): ReactNode {
  switch (dialog.kind) {
    case 'add':
      return <AddComputers close={close} />;
    case 'edit':
      return <EditComputer computerId={dialog.computerId} close={close} />;
    case 'forget':
      return <ForgetQuestion computerId={dialog.computerId} close={close} />;
    case 'remove':
      return <RemoveQuestion rows={dialog.rows} force={dialog.force} close={close} />;
    case 'inUse':
      return null; // in-use.tsx hangs it on its row
    case 'pin':
      return <PinCertificate computerId={dialog.computerId} certificate={dialog.certificate} close={close} />;
    case 'saveView':
      return <SaveView close={close} />;
  }
}
