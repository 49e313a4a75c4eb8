// npm start [-- --sample]: everything from a fresh clone to the open window. Needs Node and npm, nothing else.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This needs Node.js 20.19 or newer; ${process.execPath} is ${process.versions.node}.`);
  process.exit(1);
}
// Loaded only now: an older Node would fail on their syntax before it could say why.
const { runMain } = await import('./setup/run-command.mjs');
const { start } = await import('./setup/start.mjs');

await runMain(start);
