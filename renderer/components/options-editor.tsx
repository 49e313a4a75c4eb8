import type { Group } from '../../shared/computer.ts';
import { useApp } from '../app-context.ts';
import { withOption } from '../bulk-edit.ts';
import type { Changes, Subject } from '../bulk-edit.ts';
import { count } from '../format.ts';
import { reachingFields, readOption } from '../option-fields.ts';
import type { OptionField, OptionFieldId } from '../option-fields.ts';
import type { OptionValue } from '../option-inputs.ts';
import { proxyFields } from '../proxy-fields.ts';
import { SESSION_FACTS, SESSION_FIELDS } from '../session-fields.ts';
import type { OptionFact } from '../session-fields.ts';
import { Fold } from './fold.tsx';
import { OptionRow } from './option-row.tsx';

interface Props {
  readonly subjects: readonly Subject[];
  readonly groups: readonly Group[];
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
  readonly title?: string;
}

/** Every option of a connection and its sessions, folded: most inherit them all. */
export function OptionsEditor({ subjects, groups, changes, onChange, title = 'Options' }: Props) {
  const set = (id: OptionFieldId, value: OptionValue | null | undefined) =>
    onChange(withOption(changes, id, value));
  const rows = (fields: readonly OptionField[]) => (
    <div className="options">
      {fields.map((field) => (
        <OptionRow
          key={field.id}
          field={field}
          subjects={subjects}
          groups={groups}
          onChange={(value) => set(field.id, value)}
        />
      ))}
    </div>
  );
  const proxy = proxyFields(useApp((state) => state.credentials));
  const { unchecked, connection } = reachingFields((id) =>
    subjects.some(({ own, above }) => [own, ...above].some(({ options }) => readOption(options, id))),
  );
  return (
    <>
      {unchecked.length > 0 && rows(unchecked)}
      <Fold
        title={title}
        aside={setHere(subjects, connection)}
        opened={Object.keys(changes.options ?? {}).length > 0}
      >
        {rows(connection)}
      </Fold>
      <Fold title="Session options" aside={setHere(subjects, SESSION_FIELDS)}>
        {rows(SESSION_FIELDS)}
        <Facts facts={SESSION_FACTS} />
      </Fold>
      <Fold title="Proxy" aside={setHere(subjects, proxy)}>
        {rows(proxy)}
      </Fold>
    </>
  );
}

/** What stands in the place of options that would change nothing. */
function Facts({ facts }: { facts: readonly OptionFact[] }) {
  return (
    <dl className="options facts">
      {facts.map(({ label, value, sentence }) => (
        <div key={label} className="option-row">
          <dt className="name">{label}</dt>
          <dd className="fact">{value}</dd>
          <dd className="hint">{sentence}</dd>
        </div>
      ))}
    </dl>
  );
}

function setHere(subjects: readonly Subject[], fields: readonly OptionField[]): string {
  const own = fields.filter(({ id }) =>
    subjects.some((one) => readOption(one.own.options, id) !== undefined),
  );
  return own.length === 0 ? 'all inherited' : `${count(own.length, 'option')} set here, the rest inherited`;
}
