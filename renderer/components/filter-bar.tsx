import { BookmarkPlus, Copy } from 'lucide-react';
import { filteredRows, placeRows, useApp } from '../app-context.ts';
import { FilterBox } from './filter-box.tsx';
import { ToolButton } from './tool-button.tsx';

/** The filter box, how much it leaves, and what can be made of it. */
export function FilterBar() {
  const shown = useApp((state) => filteredRows(state).length);
  const total = useApp((state) => placeRows(state).length);
  return (
    <search aria-label="Filter" className="filterbar">
      <FilterBox />
      <span role="status" aria-label="Shown" className="shown num">
        {shown.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
      </span>
      <ToolButton id="filter.save" icon={BookmarkPlus} label="Save view" />
      <ToolButton id="filter.copy" icon={Copy} look="icon" label="Copy as Get-PSSession" />
    </search>
  );
}
