import type { ReactNode, UIEvent } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useApp, useAppStore } from '../app-context.ts';
import type { Dialog as DialogState } from '../store.ts';
import { AddComputers } from './add-computers.tsx';
import { AllowRedirection } from './allow-redirection.tsx';
import { ChooseGroup } from './choose-group.tsx';
import { AssignCredential, DeleteCredential, TestCredential } from './credential-dialogs.tsx';
import { EditComputer } from './edit-computer.tsx';
import { EditGroup } from './edit-group.tsx';
import { ForgetQuestion } from './forget-question.tsx';
import { NewCredential, NewGroup, RenameCredential } from './name-dialogs.tsx';
import { PaletteDialog } from './palette-dialog.tsx';
import { PinCertificate } from './pin-certificate.tsx';
import { ActFailures } from './act-failures.tsx';
import { RemoveQuestion } from './remove-question.tsx';
import { SaveView } from './save-view.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

const WIDE: ReadonlySet<DialogState['kind']> = new Set([
  'add',
  'edit',
  'editGroup',
  'shortcuts',
  'remove',
  'actFailures',
]);

/** The one dialog that can be open. Focus returns to where it came from. */
export function AppDialog() {
  const store = useAppStore();
  const dialog = useApp((state) => state.dialog);
  const close = () => store.getState().show({ dialog: undefined });
  const isPalette = dialog?.kind === 'palette';
  const width = isPalette ? 'modal palette-modal' : dialog && WIDE.has(dialog.kind) ? 'modal wide' : 'modal';
  return (
    <ModalOverlay
      className={isPalette ? 'scrim light' : 'scrim'}
      isOpen={dialog !== undefined && dialog.kind !== 'inUse'}
      isDismissable
      onOpenChange={(open) => !open && close()}
    >
      <Modal className={width}>
        <Dialog className="dialog" onScrollCapture={markScrolled}>
          {dialog && contentOf(dialog, close)}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Tells the head of a dialog that what stands below it goes on under it. */
function markScrolled({ target }: UIEvent<HTMLElement>): void {
  if (target instanceof HTMLElement && target.classList.contains('body'))
    target.previousElementSibling?.toggleAttribute('data-scrolled', target.scrollTop > 0);
}

function contentOf(dialog: DialogState, close: () => void): ReactNode {
  switch (dialog.kind) {
    case 'add':
      return <AddComputers close={close} />;
    case 'edit':
      return <EditComputer computerIds={dialog.computerIds} close={close} />;
    case 'editGroup':
      return <EditGroup groupId={dialog.groupId} close={close} />;
    case 'forget':
      return <ForgetQuestion change={dialog.change} close={close} />;
    case 'newGroup':
      return <NewGroup parentId={dialog.parentId} close={close} />;
    case 'chooseGroup':
      return <ChooseGroup question={dialog} close={close} />;
    case 'newCredential':
      return <NewCredential close={close} />;
    case 'renameCredential':
      return <RenameCredential credentialId={dialog.credentialId} close={close} />;
    case 'assignCredential':
      return <AssignCredential credentialId={dialog.credentialId} close={close} />;
    case 'testCredential':
      return <TestCredential credentialId={dialog.credentialId} close={close} />;
    case 'deleteCredential':
      return <DeleteCredential credentialId={dialog.credentialId} close={close} />;
    case 'remove':
      return <RemoveQuestion keys={dialog.keys} force={dialog.force} close={close} />;
    case 'actFailures':
      return <ActFailures actId={dialog.actId} close={close} />;
    case 'inUse':
      return null; // in-use.tsx hangs it on its row
    case 'pin':
      return <PinCertificate computerId={dialog.computerId} certificate={dialog.certificate} close={close} />;
    case 'redirect':
      return <AllowRedirection computerId={dialog.computerId} place={dialog.place} close={close} />;
    case 'palette':
      return <PaletteDialog typed={dialog.typed} close={close} />;
    case 'shortcuts':
      return <ShortcutsDialog close={close} />;
    case 'settings':
      return <SettingsDialog close={close} />;
    case 'saveView':
      return <SaveView close={close} />;
  }
}
