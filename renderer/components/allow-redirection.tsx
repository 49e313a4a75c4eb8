import { endpointUrl, toEndpoint } from '../../shared/endpoint.ts';
import type { ComputerId } from '../../shared/computer.ts';
import { resolvedComputers, useApp } from '../app-context.ts';
import { DialogHead } from './dialog-head.tsx';

interface Props {
  readonly computerId: ComputerId;
  /** `https://web02:5986` */
  readonly place: string;
  readonly close: () => void;
}

/** What a password becomes at the computer that is sent on to, as it does at the first. */
const REVEALED: Readonly<Record<string, string>> = {
  Basic: 'The password itself goes there, so it is asked for anew first.',
  Credssp: 'The password itself goes there, so it is asked for anew first.',
};

/** Lets one computer send on to one place: the account is shown to whoever answers there. */
export function AllowRedirection({ computerId, place, close }: Props) {
  const computer = useApp((state) => resolvedComputers(state).find(({ id }) => id === computerId));
  const ask = useApp((state) => state.ask);
  if (!computer) return null;
  const { computerName, username, options } = computer;
  const facts = [
    ['Asked', endpointUrl(toEndpoint(computerName, options))],
    ['Sends on to', place],
    ['Account', username ?? 'asked for when it is needed'],
  ] as const;
  return (
    <>
      <DialogHead title={`Let ${computerName} send on to ${place}?`}>
        The account is then proven to whoever answers there, and its sessions are those that are shown. Only
        this place is allowed, and only for this computer.
      </DialogHead>
      <section className="body" aria-label="Redirection">
        <dl className="kv">
          {facts.map(([name, value]) => (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p>{REVEALED[options.authentication ?? ''] ?? 'The password itself is not sent.'}</p>
      </section>
      <footer>
        <span className="grow" />
        <button type="button" className="btn" autoFocus onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn primary"
          onClick={() => {
            close();
            void ask('redirection.allow', { computerId, place });
          }}
        >
          Allow this place
        </button>
      </footer>
    </>
  );
}
