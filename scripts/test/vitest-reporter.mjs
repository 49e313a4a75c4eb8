import { writeFileSync } from 'node:fs';

/** Writes the counts of a vitest run, with each skip's reason, to the file that TALLY_FILE names. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) count(counts, module, test);
      // A module that could not be loaded, or a hook that failed, has errors without a failed test.
      for (const { message } of errorsOf(module))
        counts.failed.push(`${module.relativeModuleId}: ${firstLine(message)}`);
    }
    for (const { message } of unhandledErrors) counts.failed.push(`unhandled: ${firstLine(message)}`);
    writeFileSync(process.env.TALLY_FILE, JSON.stringify(counts));
  }
}

function count(counts, module, test) {
  const name = `${module.relativeModuleId}: ${test.fullName}`;
  const { state, note } = test.result();
  if (state === 'passed') counts.passed += 1;
  else if (state === 'failed') counts.failed.push(name);
  else counts.skipped.push({ name, reason: note });
}

function errorsOf(module) {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
}

const firstLine = (text) => String(text).split('\n')[0];
