import { TriangleAlert } from 'lucide-react';
import { Component } from 'react';
import type { ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
  /** Brings the window to where it can be drawn; then that is tried. The page itself is never loaded twice. */
  readonly startOver: () => void;
}

interface State {
  readonly problem?: string | undefined;
}

/** A fault while the page is drawn would leave the window blank: it is said instead, with a way on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(thrown: unknown): State {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  readonly #startOver = () => {
    this.props.startOver();
    this.setState({ problem: undefined });
  };

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === undefined) return this.props.children;
    return (
      <div className="crashed">
        {/* By it the window is moved, and on it the system draws its buttons. */}
        <header className="titlebar" />
        <div role="alert">
          <TriangleAlert className="i" aria-hidden="true" />
          <h1>The window could not be drawn</h1>
          <p>
            This is a fault of the app. Sessions, computers and what is under way are as they were; the
            filter, the selection and an open dialog are given up.
          </p>
          <code>{problem}</code>
          <button type="button" className="btn primary" autoFocus onClick={this.#startOver}>
            Reload the window
          </button>
        </div>
      </div>
    );
  }
}
