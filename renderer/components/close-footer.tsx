interface Props {
  readonly close: () => void;
  /** Of a dialog in which something was done. */
  readonly done?: boolean;
}

/** Of a dialog that saves nothing at its end. */
export const CloseFooter = ({ close, done = false }: Props) => (
  <footer>
    <span className="grow" />
    <button type="button" className={done ? 'btn l primary' : 'btn l'} autoFocus onClick={close}>
      {done ? 'Done' : 'Close'}
    </button>
  </footer>
);
