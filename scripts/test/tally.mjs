/** What all runners together found. Each skip and each failure keeps a line of its own for the end. */
export class Tally {
  passed = 0;
  failed = [];
  skipped = [];

  /** Adds a runner's counts: `{passed: number, failed: string[], skipped: {name, reason}[]}`. */
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
    return [
      ...this.skipped.map(({ name, reason }) => `skipped: ${name}${reason ? ` (${reason})` : ''}`),
      ...this.failed.map((line) => `failed: ${line}`),
      `${this.passed} passed, ${this.failed.length} failed, ${this.skipped.length} skipped`,
    ].join('\n');
  }
}
