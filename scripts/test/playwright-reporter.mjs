import { writeFileSync } from 'node:fs';

/**
 * Writes the counts of a Playwright run, with each skip's reason, to the file that TALLY_FILE names. A test
 * that passed only when tried again counts as failed.
 */
export default class TallyReporter {
  #errors = [];

  onBegin(_config, suite) {
    this.suite = suite;
  }

  onError({ message }) {
    this.#errors.push(String(message).split('\n')[0]);
  }

  onEnd() {
    const counts = { passed: 0, failed: this.#errors, skipped: [] };
    for (const test of this.suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' › ');
      const outcome = test.outcome();
      if (outcome === 'expected') counts.passed += 1;
      else if (outcome === 'skipped') counts.skipped.push({ name, reason: reasonOf(test) });
      else counts.failed.push(name);
    }
    writeFileSync(process.env.TALLY_FILE, JSON.stringify(counts));
  }

  printsToStdio() {
    return false;
  }
}

const reasonOf = (test) => test.annotations.find(({ type }) => type === 'skip')?.description;
