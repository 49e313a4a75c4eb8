/** What all runners together found. Each skip and each failure keeps a line of its own for the end. */
export class Tally {
  passed = 0;
  failed = [];
  skipped = [];

  /**
   * Adds a runner's counts: `{passed: number, failed: string[], skipped: {name, reason?, tests?}[]}`; `tests`
   * is how many a skipped suite holds.
   */
  add({ passed, failed, skipped }) {
    this.passed += passed;
    this.failed.push(...failed);
    this.skipped.push(...skipped);
  }

  pass() {
    this.passed += 1;
  }

  fail(line) {
    this.failed.push(line);
  }

  /** One line a skip and a failure, then the plain line with the counts. */
  toString() {
    const skipped = this.skipped.reduce((sum, { tests = 1 }) => sum + tests, 0);
    return [
      ...this.skipped.map(skipLine),
      ...this.failed.map((line) => `failed: ${line}`),
      `${this.passed} passed, ${this.failed.length} failed, ${skipped} skipped`,
    ].join('\n');
  }
}

const skipLine = ({ name, reason, tests }) =>
  `skipped: ${name}${tests ? ` (${tests} tests)` : ''}${reason ? `: ${reason}` : ''}`;
