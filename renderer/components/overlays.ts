// What overlays.ts of the folder above loads as one script.
export { AppDialog } from './app-dialog.tsx';
export { AppMenu, ContextMenu } from './app-menu.tsx';
export { InUsePopover } from './in-use.tsx';
export { TableMenu } from './table-menu.tsx';
