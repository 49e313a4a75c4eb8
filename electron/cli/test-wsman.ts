import { askAll } from './ask-all.ts';
import { askOptions } from './context.ts';
import type { Context } from './context.ts';
import { diagnoseComputers } from './diagnose.ts';
import { plainJson, plainText } from './plain-text.ts';
import { actionFailure } from './report.ts';
import { tellSignIn } from './tell-sign-in.ts';

const IDENTITY_NAMESPACE = 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd';

/** Test-WSMan: whether WS-Management answers there, and what it says it is. */
export async function testWSMan(context: Context): Promise<void> {
  if (context.request.diagnose) return diagnoseComputers(context);
  const { request, targets, io, report } = context;
  const answers = await askAll(
    targets,
    async (target) => {
      const computer = context.open(target);
      try {
        const identity = await computer.identify(io.signal);
        tellSignIn(context, target, computer);
        return identity;
      } finally {
        computer.close();
      }
    },
    askOptions(context),
  );
  const found = answers.flatMap((answer) => {
    const { computerName } = answer.item;
    if (answer.kind === 'failed') report.error(actionFailure(computerName, answer.error, '', 'WsManError'));
    if (answer.kind !== 'answered') return [];
    const { protocolVersion, productVendor, productVersion } = answer.value;
    return [
      {
        ComputerName: computerName,
        wsmid: IDENTITY_NAMESPACE,
        ProtocolVersion: protocolVersion,
        ProductVendor: productVendor,
        ProductVersion: productVersion,
      },
    ];
  });
  if (request.json) io.stdout.write(`${plainJson(found, 2)}\n`);
  else for (const one of found) io.stdout.write(list(one, found.length > 1));
}

/** PowerShell's Format-List; the computer is said only where there are several. */
function list({ ComputerName, ...rest }: Record<string, string>, isOneOfMany: boolean): string {
  const entries = Object.entries(isOneOfMany ? { ComputerName, ...rest } : rest);
  const width = Math.max(...entries.map(([name]) => name.length));
  return `\n${entries.map(([name, value]) => `${name.padEnd(width)} : ${plainText(value ?? '')}`).join('\n')}\n\n`;
}
