import type { Computer, Group, ProfileContent, View } from '../../shared/computer.ts';
import { SAMPLE_USER } from './population.ts';
import type { SampleComputer } from './population.ts';
import { Random } from './random.ts';
import { STALE_ACCOUNT } from './trouble.ts';

/** What all groups of the sample fleet stand below. */
const PRODUCTION: Omit<Group, 'id'> = {
  name: 'Production',
  options: {},
  signIn: { kind: 'ask', username: SAMPLE_USER },
  refreshEveryS: 60,
};

const GROUPS: Readonly<Record<string, Partial<Group>>> = {
  'Web front ends': { favourite: true },
  Database: {
    safeMode: true,
    refreshEveryS: 30,
    notes: 'NightlyBackup runs from 01:00. Ask the DBA on call before anything is removed here.',
  },
  'Build servers': { refreshEveryS: 0, notes: 'Made anew each Sunday; nothing here needs keeping.' },
  'Branch offices': {
    options: { sessionOption: { openTimeout: 20_000, operationTimeout: 60_000 } },
    refreshEveryS: 300,
    notes: 'Slow lines: give them time.',
  },
};

/** By how a name begins, and for single computers more. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  web: ['prod', 'web'],
  sql: ['prod', 'sql'],
  app: ['prod', 'app'],
  bld: ['build'],
  br: ['prod', 'branch'],
};
const MORE_TAGS: Readonly<Record<string, readonly string[]>> = {
  web01: ['iis'],
  web08: ['canary', 'iis'],
  sql02: ['cluster'],
  sql03: ['cluster'],
  app05: ['sql'],
  app07: ['legacy'],
};

const STALE = { signIn: { kind: 'ask', username: STALE_ACCOUNT } } as const;
const COMPUTERS: Readonly<Record<string, Partial<Computer>>> = {
  sql02: { favourite: true, notes: 'Second node of the cluster; backups are taken here.' },
  app01: { favourite: true },
  app07: { notes: 'To be switched off this quarter.' },
  'br-zrh-01': { options: { useSSL: true }, notes: 'Reached over https; its certificate is its own.' },
  'br-muc-01': STALE,
  'br-muc-02': STALE,
  'br-par-01': STALE,
};

/** Who stands in a second group too. */
const ALSO_IN: Readonly<Record<string, string>> = { web08: 'Build servers', app05: 'Database' };

const VIEWS: readonly Pick<View, 'name' | 'filter'>[] = [
  { name: 'Expiring within 1 h', filter: 'expires:<1h' },
  { name: 'In use by others', filter: 'state:inuse -owner:me' },
  { name: 'Mine, idle over 8 h', filter: 'owner:me idle:>8h' },
  { name: 'Broken', filter: 'state:broken' },
];

/** The sample fleet as somebody would keep it: groups, tags, views and accounts. The same seed gives the same ids. */
export function sampleContent(samples: readonly Sample[], seed = 1): ProfileContent {
  const random = new Random(seed ^ 0x5eed);
  const newId = () => random.guid().toLowerCase();
  const production: Group = { id: newId(), ...PRODUCTION };
  const names = [...new Set(samples.map(({ group }) => group))];
  const groups = new Map(
    names.map((name): [string, Group] => [
      name,
      { id: newId(), name, parentId: production.id, options: {}, ...GROUPS[name] },
    ]),
  );
  const computers = samples.map(({ computerName, group }): Computer => {
    const prefix = /^[a-z]+/.exec(computerName)?.[0] ?? '';
    return {
      id: newId(),
      computerName,
      groupIds: [group, ALSO_IN[computerName]].flatMap((name) => (name && groups.get(name)?.id) ?? []),
      options: {},
      tags: [...(TAGS[prefix] ?? []), ...(MORE_TAGS[computerName] ?? [])],
      ...COMPUTERS[computerName],
    };
  });
  const views = VIEWS.map((view): View => ({ id: newId(), ...view }));
  return { groups: [production, ...groups.values()], computers, views };
}

type Sample = Pick<SampleComputer, 'computerName' | 'group'>;
