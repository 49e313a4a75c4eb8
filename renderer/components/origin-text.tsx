import { Folder, RotateCcw, SlidersHorizontal } from 'lucide-react';
import type { Group } from '../../shared/computer.ts';
import type { Origin } from '../../shared/inheritance.ts';
import { plainText } from '../../shared/plain-text.ts';
import { VARIOUS } from '../bulk-edit.ts';
import type { Various } from '../bulk-edit.ts';

interface Props {
  /** What it is the origin of. */
  readonly label: string;
  readonly origin: Origin | Various;
  readonly groups: readonly Group[];
  readonly reset: () => void;
}

/** Where a value comes from; one that is set here can be inherited again. */
export function OriginText({ label, origin, groups, reset }: Props) {
  if (origin === VARIOUS) return <span className="origin">various</span>;
  if (origin.kind === 'own') {
    return (
      <button
        type="button"
        className="origin own"
        aria-label={`${label}: set here; inherit it again`}
        title="Inherit it again"
        onClick={reset}
      >
        <RotateCcw className="i" aria-hidden="true" />
        set here
      </button>
    );
  }
  if (origin.kind === 'default') {
    return (
      <span className="origin">
        <SlidersHorizontal className="i" aria-hidden="true" />
        app default
      </span>
    );
  }
  const name = plainText(groups.find(({ id }) => id === origin.groupId)?.name ?? 'a group');
  return (
    <span className="origin" title={`from ${name}`}>
      <Folder className="i" aria-hidden="true" />
      <span className="cut">from {name}</span>
    </span>
  );
}
