/** So many entries of a list are written at once. */
const PIECE = 32;

export interface SendInPiecesDeps {
  readonly send: (event: string, json: string) => void;
  /** Goes on once whatever came in meanwhile was heard. */
  readonly othersFirst: (goOn: () => void) => void;
}

export interface PieceSender {
  readonly send: (event: string, what: unknown) => void;
  /** Once all that was handed in before is sent, which an answer must not overtake; what is gathered is handed in later. */
  readonly sent: () => Promise<void>;
}

/**
 * Writes what it is handed as JSON, and sends it in that order. A long list is written piece by piece, so that others
 * have their turn: half a second's answers of a sweep take long enough for all questions under way to wait for them.
 */
export function sendInPieces({ send, othersFirst }: SendInPiecesDeps): PieceSender {
  const waiting: (() => void)[] = [];
  let isWriting = false;

  const inTurn = (act: () => void) => {
    if (isWriting) waiting.push(act);
    else act();
  };
  const write = (event: string, list: readonly unknown[]) => {
    isWriting = true;
    const pieces: string[] = [];
    const goOn = () => {
      const from = pieces.length * PIECE;
      if (from < list.length) {
        pieces.push(JSON.stringify(list.slice(from, from + PIECE)).slice(1, -1));
        return othersFirst(goOn);
      }
      send(event, `[${pieces.join()}]`);
      isWriting = false;
      while (!isWriting && waiting.length > 0) waiting.shift()?.();
    };
    goOn();
  };
  return {
    send: (event, what) =>
      inTurn(() => {
        if (Array.isArray(what) && what.length > PIECE) write(event, what);
        else send(event, JSON.stringify(what));
      }),
    sent: () => new Promise(inTurn),
  };
}
