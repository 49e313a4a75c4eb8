/** Of a dialog that only says something. */
export const CloseFooter = ({ close }: { close: () => void }) => (
  <footer>
    <span className="grow" />
    <button type="button" className="btn l" autoFocus onClick={close}>
      Close
    </button>
  </footer>
);
