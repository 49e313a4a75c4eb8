import { cameThrough } from '../../shared/diagnosis.ts';
import { askAll } from './ask-all.ts';
import { askOptions } from './context.ts';
import type { Context } from './context.ts';
import { diagnosisJson, diagnosisText } from './diagnosis-text.ts';
import { plainJson } from './plain-text.ts';
import { actionFailure } from './report.ts';

/** Test-WSMan -Diagnose: what lies between here and each computer's sessions. A step that failed, or was not reached, is the run's failure. */
export async function diagnoseComputers(context: Context): Promise<void> {
  const { request, targets, io, report } = context;
  const answers = await askAll(targets, context.diagnose, askOptions(context));
  const found = answers.flatMap((answer) => {
    const { computerName } = answer.item;
    if (answer.kind === 'failed') report.error(actionFailure(computerName, answer.error, '', 'WsManError'));
    return answer.kind === 'answered' ? [{ computerName, diagnosis: answer.value }] : [];
  });
  if (!found.every(({ diagnosis }) => cameThrough(diagnosis))) report.failed = true;
  if (request.json) {
    const all = found.map(({ computerName, diagnosis }) => diagnosisJson(computerName, diagnosis));
    io.stdout.write(`${plainJson(all, 2)}\n`);
  } else
    for (const { computerName, diagnosis } of found) io.stdout.write(diagnosisText(computerName, diagnosis));
}
