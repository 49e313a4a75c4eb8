import type { ComputerId } from '../shared/computer.ts';
import { failedRung } from '../shared/diagnosis.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import type { ErrorInfo } from '../shared/error.ts';

/** What diagnostics ended at last, by computer: a certificate, or the place that it sends on to. */
export class Diagnosed {
  readonly #last = new Map<ComputerId, { readonly error: ErrorInfo; readonly where: string }>();

  /** @param where the computer's address, of which alone it is true */
  note(computerId: ComputerId, where: string, diagnosis: Diagnosis): void {
    const error = failedRung(diagnosis)?.error;
    if (error?.certificate || error?.redirectsTo !== undefined) this.#last.set(computerId, { error, where });
  }

  of(computerId: ComputerId, where: string): Pick<ErrorInfo, 'certificate' | 'redirectsTo'> {
    const last = this.#last.get(computerId);
    return last?.where === where ? last.error : {};
  }
}
