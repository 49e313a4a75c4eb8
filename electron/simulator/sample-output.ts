import type { PSValue } from '../winrm/psrp/value.ts';
import {
  customObject,
  errorRecord,
  informationalRecord,
  informationRecord,
  progressRecord,
} from './records.ts';
import { record, ScriptError } from './step.ts';
import type { Step, Steps } from './step.ts';

/** What the commands of the sample fleet say. */
export type OutputName = 'backup' | 'patch' | 'certificates' | 'inventory' | 'failing';

const SAYS: Readonly<Record<OutputName, (startedOn: number) => Steps>> = {
  backup,
  patch,
  certificates,
  inventory,
  failing,
};

/** @param startedOn epoch milliseconds; the records are dated from there */
export function sampleOutput(name: OutputName, startedOn: number): () => Steps {
  return () => SAYS[name](startedOn);
}

const MINUTE_MS = 60_000;
const verbose = (text: string): Step => record('verbose', informationalRecord('Verbose', text));
const warning = (text: string): Step => record('warning', informationalRecord('Warning', text));
const debug = (text: string): Step => record('debug', informationalRecord('Debug', text));

const DATABASES = [
  'CONTOSO_HR',
  'CONTOSO_FIN',
  'CONTOSO_WEB',
  'CONTOSO_LOG',
  'CONTOSO_DWH',
  'CONTOSO_ARC',
  'CONTOSO_DEV',
  'CONTOSO_CRM',
];
const TABLES = 36;

/** All six streams, progress and some 700 records, then a few more while somebody watches. */
function* backup(startedOn: number): Steps {
  yield record('information', informationRecord('Nightly backup of 8 databases, compression on', startedOn));
  yield verbose('Loading module SqlServer 22.2.0');
  for (const [i, database] of DATABASES.entries()) {
    const last = i === DATABASES.length - 1;
    yield progress(
      'Backing up databases',
      `${i + 1} of ${DATABASES.length}`,
      (i * 100) / DATABASES.length,
      database,
    );
    for (let table = 1; table <= TABLES; table++) {
      if (last) yield { kind: 'wait', ms: 250 };
      yield verbose(`${database}: extent ${table} of ${TABLES} read`);
      if (table % 9 === 0) yield debug(`${database}: buffer ${table}, ${table * 64} MB in flight`);
      yield record(
        'output',
        `${database}.dbo.Table${String(table).padStart(2, '0')}  ${((table * 7919 + i * 104_729) % 90_000) + 200} pages`,
      );
    }
    if (database === 'CONTOSO_WEB')
      yield warning('Volume \\\\nas01\\sql has 112 GB left; this run needs about 140 GB');
    if (database === 'CONTOSO_DWH') {
      yield record('error', backupError(database));
      yield verbose(`Retrying ${database} on \\\\nas02\\sql`);
    }
    yield record('output', result(database, (i * 41) % 97, `${i + 3} m 11 s`));
  }
  yield progress('Backing up databases', 'done', 100, '', true);
  yield record(
    'information',
    informationRecord('8 of 8 databases done', startedOn + 30 * MINUTE_MS, ['PSHOST']),
  );
}

const backupError = (database: string) =>
  errorRecord({
    message: `Cannot open backup device '\\\\nas01\\sql\\${database}.bak'. Operating system error 112 (There is not enough space on the disk.).`,
    id: 'ExecutionFailed,Microsoft.SqlServer.Management.PowerShell.BackupSqlDatabaseCommand',
    category: ['InvalidOperation', 7],
    activity: 'Backup-SqlDatabase',
    exception: [
      'Microsoft.Data.SqlClient.SqlException',
      'System.Data.Common.DbException',
      'System.SystemException',
    ],
    target: database,
  });

const result = (database: string, sizeGB: number, duration: string): PSValue =>
  customObject(
    { Database: database, SizeGB: sizeGB, Duration: duration, Result: 'Backed up' },
    'Contoso.BackupResult',
  );

function progress(
  activity: string,
  status: string,
  percent: number,
  currentOperation: string,
  completed = false,
): Step {
  return record(
    'progress',
    progressRecord({ activity, status, percent: Math.floor(percent), currentOperation, completed }),
  );
}

const UPDATES = ['KB5066835', 'KB5066586', 'KB5066738', 'KB890830', 'KB5065426'];

function* patch(startedOn: number): Steps {
  yield record(
    'information',
    informationRecord(`${UPDATES.length} updates to install`, startedOn, ['PSHOST']),
  );
  for (const [i, update] of UPDATES.entries()) {
    yield progress('Installing updates', update, (i * 100) / UPDATES.length, 'Downloading');
    for (let piece = 1; piece <= 40; piece++) yield verbose(`${update}: file ${piece} of 40 verified`);
    if (update === 'KB890830') yield warning(`${update} asks for a restart.`);
    yield record('output', customObject({ Update: update, SizeMB: 31 + i * 57, Result: 'Installed' }));
  }
  yield progress('Installing updates', 'done', 100, '', true);
  yield record('output', 'A restart is pending.');
}

function* certificates(startedOn: number): Steps {
  yield record(
    'information',
    informationRecord('Looking for certificates that end within 60 days', startedOn),
  );
  for (let site = 1; site <= 12; site++) {
    yield verbose(`Site${site}: certificate read`);
    const daysLeft = (site * 37) % 120;
    yield record(
      'output',
      customObject({
        Site: `Site${site}`,
        Thumbprint: (site * 0x1f3d5b79).toString(16).toUpperCase().padStart(40, 'A0C4'),
        DaysLeft: daysLeft,
        Renewed: daysLeft < 60,
      }),
    );
  }
  yield record('output', '12 sites looked at.');
}

function* inventory(startedOn: number): Steps {
  yield debug(`Started at ${startedOn}`);
  for (let disk = 0; disk < 4; disk++) {
    yield record(
      'output',
      customObject({
        DeviceID: `${'CDEF'.charAt(disk)}:`,
        SizeGB: 128 << disk,
        FreeGB: (53 << disk) + 7,
        FileSystem: 'NTFS',
        Health: 'OK',
      }),
    );
  }
  for (let service = 1; service <= 60; service++)
    yield record('output', `service${service} ${service % 7 === 0 ? 'Stopped' : 'Running'}`);
  yield warning('8 services that should run are stopped.');
}

function* failing(): Steps {
  yield record('output', 'Copying 214 files to D:\\inetpub\\site');
  for (let file = 1; file <= 31; file++) yield verbose(`file ${file} of 214`);
  throw new ScriptError(
    errorRecord({
      message:
        "The process cannot access the file 'D:\\inetpub\\site\\bin\\app.dll' because it is being used by another process.",
      id: 'CopyFileInfoItemIOError,Microsoft.PowerShell.Commands.CopyItemCommand',
      category: ['WriteError', 26],
      activity: 'Copy-Item',
      exception: ['System.IO.IOException', 'System.SystemException'],
      target: 'app.dll',
    }),
  );
}
