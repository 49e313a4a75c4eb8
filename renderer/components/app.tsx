import type { CSSProperties, ReactNode } from 'react';
import { useAfterFrame } from '../after-frame.ts';
import { useApp } from '../app-context.ts';
import { useOverlays } from '../overlays.ts';
import type { Place } from '../place.ts';
import { ConsolePane } from './console-pane.tsx';
import { CredentialDetails } from './credential-details.tsx';
import { ComputerDetails } from './computer-details.tsx';
import { CredentialsPage } from './credentials-page.tsx';
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
      {overlays && <overlays.ContextMenu />}
    </div>
  );
}

/** The smallest width of the tree, and the one below which a drag closes it. */
const TREE_MIN = 180;
const TREE_CLOSES = 120;

function Frame() {
  const isFirst = useApp(
    ({ profile, place }) =>
      place !== 'credentials' && profile?.computers.length === 0 && profile.groups.length === 0,
  );
  const place = useApp((state) => state.place);
  const console = useApp((state) => state.console);
  const treeOpen = useApp((state) => state.treeOpen);
  const show = useApp((state) => state.show);
  const details = useApp((state) => state.details);
  const hasCredential = useApp((state) => state.credentialId !== undefined);
  const hasTree = treeOpen && !isFirst;
  // What people wait for is the table; the tree is drawn right after it.
  const isTreeDue = useAfterFrame();
  const hasDiagnosed = useApp(
    ({ profile, diagnosedId }) => profile?.computers.some(({ id }) => id === diagnosedId) ?? false,
  );
  const hasChosen = place === 'failed' ? hasDiagnosed : place !== 'credentials' || hasCredential;
  const hasSide = details && !isFirst && hasChosen;
  return (
    <div className="frame">
      {hasTree &&
        (isTreeDue ? <Tree /> : <nav className="tree-pane" aria-label="Computers" data-soon="pane-tree" />)}
      <main aria-label="Content">
        {hasTree && (
          <Splitter
            pane="tree"
            label="Resize computers"
            min={TREE_MIN}
            max={400}
            grows={1}
            edge="start"
            closesBelow={TREE_CLOSES}
            onClose={() => show({ treeOpen: false })}
          />
        )}
        <NoticeBar />
        {isFirst ? <FirstRun /> : pageOf(place)}
        {console && !isFirst && (
          <>
            <Splitter pane="console" label="Resize console" min={160} max={700} grows={-1} horizontal />
            <ConsolePane />
          </>
        )}
        {hasSide && (
          <Splitter pane="details" label="Resize details" min={256} max={520} grows={-1} edge="end" />
        )}
      </main>
      {hasSide && sideOf(place)}
    </div>
  );
}

function sideOf(place: Place): ReactNode {
  if (place === 'failed') return <ComputerDetails />;
  return place === 'credentials' ? <CredentialDetails /> : <Details />;
}

function pageOf(place: Place): ReactNode {
  if (place === 'failed') return <FailedComputers />;
  return place === 'credentials' ? <CredentialsPage /> : <Sessions />;
}
