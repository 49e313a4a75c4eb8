import { writeFileSync } from 'node:fs';

/** Writes the counts of a vitest run, with each skip's reason, to the file that TALLY_FILE names. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      countAll(counts, module.relativeModuleId, module.children);
      // A module that could not be loaded, or a hook that failed, has errors without a failed test.
      for (const { message } of errorsOf(module))
        counts.failed.push(`${module.relativeModuleId}: ${firstLine(message)}`);
    }
    for (const { message } of unhandledErrors) counts.failed.push(`unhandled: ${firstLine(message)}`);
    writeFileSync(process.env.TALLY_FILE, JSON.stringify(counts));
  }
}

/** A suite that is skipped as a whole is one line, and said with its reason where it is skipped. */
function countAll(counts, place, children) {
  for (const child of children) {
    const name = `${place}: ${child.fullName}`;
    if (child.type === 'test') count(counts, name, child.result());
    else if (child.options.mode === 'skip')
      counts.skipped.push({ name, tests: [...child.children.allTests()].length || 1 });
    else countAll(counts, place, child.children);
  }
}

function count(counts, name, { state, note }) {
  if (state === 'passed') counts.passed += 1;
  else if (state === 'failed') counts.failed.push(name);
  else counts.skipped.push({ name, reason: note });
}

function errorsOf(module) {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
}

const firstLine = (text) => String(text).split('\n')[0];
