import type { Diagnosis, ShownRung } from '../../shared/diagnosis.ts';
import { failedRung, rungsOf, verdictWord } from '../../shared/diagnosis.ts';
import type { CertificateInfo, Remedy } from '../../shared/error.ts';
import type { ProxySignInReport, SignInReport } from '../../shared/sign-in-report.ts';
import { plainText } from './plain-text.ts';

const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * The ladder in columns, then what is known of certificate and sign-in, then what to do. Every verdict is a word. Each
 * text is made plain before lines are made of it, so that no computer writes lines of its own.
 */
export function diagnosisText(computerName: string, diagnosis: Diagnosis): string {
  const { url, chain, offered, signIn } = diagnosis;
  const hasFailed = failedRung(diagnosis)?.name === 'signIn';
  const blocks = [
    plainText(`${computerName}  ${url}`),
    columns(rungsOf(diagnosis).flatMap(rungLine)),
    block('Certificate', chain ? certificateLines(chain) : []),
    block('Why this mechanism', [
      ...(offered ? [['Offered', offered.join(', ')]] : []),
      ...(signIn ? signInLines(signIn, hasFailed ? 'Tried' : 'Used') : []),
    ]),
    block('At the proxy', signIn?.proxy ? signInLines(signIn.proxy, 'Used') : []),
    block('What to do', whatToDo(diagnosis)),
  ];
  return `\n${blocks.filter((text) => text !== '').join('\n\n')}\n\n`;
}

const signInLines = (
  { mechanism, account, spn, why, refused }: SignInReport | ProxySignInReport,
  word: string,
): string[][] => [
  [word, [mechanism, account && `as ${account}`, spn && `for ${spn}`].filter(Boolean).join(', ')],
  ['Because', why],
  ...refused.map(({ mechanism: other, why: whyNot }) => [`Not ${other}`, whyNot]),
];

function rungLine({ title, rung }: ShownRung): string[][] {
  if (!rung) return [];
  const word = verdictWord(rung);
  const time = rung.ms === undefined ? '' : `${rung.ms} ms`;
  return [[title, word, time.padStart(9), word === 'not reached' ? '' : rung.sentence]];
}

function certificateLines([own, ...above]: readonly CertificateInfo[]): string[][] {
  if (!own) return [];
  return [
    ['Issued to', own.subject],
    ['Issued by', own.issuer],
    ...(own.names.length > 0 ? [['Names', own.names.join(', ')]] : []),
    ['Valid', `${date(own.validFrom)} to ${date(own.validTo)}`],
    ['SHA-256', own.sha256],
    ...(above.length > 0 ? [['Rests on', above.map(({ subject }) => subject).join(' < ')]] : []),
  ];
}

/** What mends the failure comes first; what another step would have otherwise is told with its name. */
function whatToDo(diagnosis: Diagnosis): string[][] {
  const failed = failedRung(diagnosis);
  const { causes = [], detail } = failed?.error ?? {};
  const others = rungsOf(diagnosis).filter(({ rung }) => rung !== failed);
  return [
    ...causes.map((cause) => ['Perhaps', cause]),
    ...remedyLines(failed?.remedy),
    ...(detail ? [['Detail', detail]] : []),
    ...others.flatMap(({ title, rung }) => remedyLines(rung?.remedy, failed && `${title}: `)),
  ];
}

const remedyLines = (remedy: Remedy | undefined, of = '') =>
  remedy ? [['Remedy', `${of}${remedy.text}`], ...(remedy.command ? [['Run', remedy.command]] : [])] : [];

const block = (title: string, lines: readonly (readonly string[])[]) =>
  lines.length === 0 ? '' : `${title}\n${columns(lines)}`;

/** All but the last as wide as their widest. */
function columns(texts: readonly (readonly string[])[]): string {
  const lines = texts.map((line) => line.map(plainText));
  const widths: number[] = [];
  for (const line of lines)
    for (const [i, cell] of line.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const laid = lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  return laid.map((line) => `  ${line}`.trimEnd()).join('\n');
}

/** The same as data, with names as the other cmdlets have them. Times are ISO 8601, spans milliseconds. */
export function diagnosisJson(
  computerName: string,
  { at, ms, url, rungs, chain, offered, signIn }: Diagnosis,
) {
  return {
    ComputerName: computerName,
    Uri: url,
    At: new Date(at).toISOString(),
    Milliseconds: ms,
    Steps: rungs.map((rung) => ({
      Step: rung.name,
      ...(rung.at && { Uri: rung.at.url }),
      Verdict: verdictWord(rung),
      Milliseconds: rung.ms ?? null,
      Message: rung.sentence,
      Remedy: rung.remedy ?? null,
      Error: rung.error ?? null,
    })),
    Certificates: (chain ?? []).map(({ validFrom, validTo, ...one }) => ({
      ...one,
      validFrom: new Date(validFrom).toISOString(),
      validTo: new Date(validTo).toISOString(),
    })),
    Offered: offered ?? null,
    SignIn: signIn ?? null,
  };
}
