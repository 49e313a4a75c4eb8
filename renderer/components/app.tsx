import type { CSSProperties } from 'react';
import { useApp } from '../app-context.ts';
import { useOverlays } from '../overlays.ts';
import { ConsolePane } from './console-pane.tsx';
import { Details } from './details.tsx';
import { FailedComputers } from './failed-computers.tsx';
import { FirstRun } from './first-run.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { Sessions } from './sessions.tsx';
import { Splitter } from './splitter.tsx';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';
import { Tree } from './tree.tsx';

/** The whole window. */
export function App() {
  const overlays = useOverlays();
  const known = useApp(({ profile }) => profile !== undefined);
  const sizes = useApp((state) => state.sizes);
  const style = {
    '--tree-width': `${sizes.tree}px`,
    '--details-width': `${sizes.details}px`,
    '--console-height': `${sizes.console}px`,
  } as CSSProperties; // custom properties are not in React's type
  return (
    <div className="app" style={style}>
      <TitleBar />
      {known ? <Frame /> : <div className="frame" />}
      <StatusBar />
      {overlays && <overlays.AppDialog />}
    </div>
  );
}

function Frame() {
  const empty = useApp(({ profile }) => profile?.computers.length === 0);
  const place = useApp((state) => state.place);
  const console = useApp((state) => state.console);
  const details = useApp((state) => state.details);
  const sheet = place === 'failed' ? <FailedComputers /> : <Sessions />;
  return (
    <div className="frame">
      <Tree />
      <Splitter pane="tree" label="Resize computers" min={180} max={400} grows={1} />
      <main aria-label="Content">
        <NoticeBar />
        {empty ? <FirstRun /> : sheet}
        {console && !empty && (
          <>
            <Splitter pane="console" label="Resize console" min={160} max={700} grows={-1} horizontal />
            <ConsolePane />
          </>
        )}
      </main>
      {details && !empty && place !== 'failed' && (
        <>
          <Splitter pane="details" label="Resize details" min={256} max={520} grows={-1} />
          <Details />
        </>
      )}
    </div>
  );
}
