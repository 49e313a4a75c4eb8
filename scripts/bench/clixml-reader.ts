// clixml-reader FILE SECONDS: how fast our reader is, measured as e2e/peers/powershell/clixml-oracle measures PowerShell's.
import { readFileSync } from 'node:fs';
import { readClixml } from '../../electron/winrm/psrp/read-clixml.ts';

const [file = '', seconds = '5'] = process.argv.slice(2);
// As bytes, as they come off the wire and as PowerShell is given them.
const documents = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((text) => Buffer.from(text));
const decoder = new TextDecoder();
const pass = () => {
  for (const document of documents) readClixml(decoder.decode(document));
};
pass();
let passes = 0;
const start = performance.now();
for (; performance.now() - start < Number(seconds) * 1000; passes++) pass();
const objectsPerSecond = Math.round((documents.length * passes * 1000) / (performance.now() - start));
process.stdout.write(`${JSON.stringify({ objectsPerSecond, passes })}\n`);
