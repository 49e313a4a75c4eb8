import { endpointUrl, toEndpoint } from '../../shared/endpoint.ts';
import type { ComputerId } from '../../shared/computer.ts';
import { resolvedComputers, useApp } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { AgreeDialog } from './agree-dialog.tsx';
import { Gone } from './gone.tsx';

interface Props {
  readonly computerId: ComputerId;
  /** `https://web02:5986` */
  readonly place: string;
  readonly close: () => void;
}

/** With these a password is no secret to the computer; main asks in a window of its own before it goes to another. */
const REVEALING: readonly (string | undefined)[] = ['Basic', 'Credssp'];

/** Lets one computer send on to one place: the account is shown to whoever answers there. */
export function AllowRedirection({ computerId, place, close }: Props) {
  const computer = useApp((state) => resolvedComputers(state).find(({ id }) => id === computerId));
  const called = useApp(({ profile }) => profile && namesOf(profile.computers).get(computerId));
  const ask = useApp((state) => state.ask);
  if (!computer) return <Gone what="This computer" close={close} />;
  const { computerName, username, options } = computer;
  const facts = [
    ['Asked', endpointUrl(toEndpoint(computerName, options))],
    ['Sends on to', place],
    ['Account', username ?? 'asked for when it is needed'],
  ] as const;
  return (
    <AgreeDialog
      title={`Let ${called ?? computerName} send on to ${place}?`}
      meaning="The account is then proven to whoever answers there, and its sessions are those that are shown. Only this place is allowed, and only for this computer."
      label="Redirection"
      facts={facts}
      agreed="Allow this place"
      agree={() => void ask('redirection.allow', { computerId, place })}
      close={close}
    >
      <p>
        {REVEALING.includes(options.authentication)
          ? 'The password itself goes there, so you are asked once more before it does.'
          : 'The password itself is not sent.'}
      </p>
    </AgreeDialog>
  );
}
