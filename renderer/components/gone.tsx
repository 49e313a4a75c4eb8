import { CloseFooter } from './close-footer.tsx';
import { DialogHead } from './dialog-head.tsx';

/** What a dialog was about was taken away meanwhile, here or by another process: nothing of it can be saved any more. */
export const Gone = ({ what, close }: { what: string; close: () => void }) => (
  <>
    <DialogHead title={`${what} is not there any more`}>
      It was removed meanwhile, here, in another window or in a shared file. Nothing was saved.
    </DialogHead>
    <CloseFooter close={close} />
  </>
);
