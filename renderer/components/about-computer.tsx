import type { ComputerId } from '../../shared/computer.ts';
import { endpointUrl, toEndpoint } from '../../shared/endpoint.ts';
import { isSignedInAsLoggedOn } from '../../shared/logged-on.ts';
import type { SignInReport } from '../../shared/sign-in-report.ts';
import { plainText } from '../../shared/plain-text.ts';
import { facts, resolvedComputers, useApp, useNow } from '../app-context.ts';
import { clock, duration } from '../format.ts';
import { Fingerprint } from './fingerprint.tsx';
import { Pair } from './property-list.tsx';
import { SignInReasons } from './sign-in-reasons.tsx';

/** The computer of a session: how it is reached, as whom, and where it stands in the tree. */
export function AboutComputer({ computerId }: { computerId: ComputerId }) {
  const computer = useApp((state) => resolvedComputers(state).find(({ id }) => id === computerId));
  const status = useApp(({ statuses }) => statuses.get(computerId));
  const groups = useApp((state) => facts(state).get(computerId)?.groups);
  const now = useNow();
  if (!computer) return null;
  const { options, computerName, username, tags, notes } = computer;
  const { last } = status ?? {};
  const how =
    options.authentication && options.authentication !== 'Default' ? `, ${options.authentication}` : '';
  const account = isSignedInAsLoggedOn(computer)
    ? (last?.signIn?.account ?? 'whoever is logged on here')
    : username;
  const pin = options.pinnedCertificate;
  return (
    <>
      <section className="section" aria-label="Computer">
        <h3>Computer</h3>
        <dl className="kv">
          <Pair name="Endpoint">{endpointUrl(toEndpoint(computerName, options))}</Pair>
          <Pair name="May send on to">{options.redirectTo?.join(', ')}</Pair>
          <Pair name="Signed in as">{account && `${account}${how}`}</Pair>
          <Pair name="Signed in by">{last?.signIn && wayIn(last.signIn)}</Pair>
          <Pair name="Answered">
            {last && (last.unheard ? undefined : `${clock(last.at, now)}, ${duration(now - last.at)} ago`)}
          </Pair>
          <Pair name={groups?.length === 1 ? 'Group' : 'Groups'}>{groups?.join(' in ')}</Pair>
          <Pair name="Tags">{tags.join(', ')}</Pair>
          <Pair name="Notes">{notes}</Pair>
          {pin && (
            <>
              <dt>Certificate</dt>
              <dd className="whole">
                pinned <Fingerprint hex={pin} />
              </dd>
            </>
          )}
        </dl>
        {last?.signIn && <SignInReasons signIn={last.signIn} />}
      </section>
      {status?.kind === 'failed' && <p className="banner">{plainText(status.error.message)}</p>}
      {last?.warnings?.map((warning) => (
        <p key={warning} className="banner">
          {plainText(warning)}
        </p>
      ))}
    </>
  );
}

/** `Kerberos in Negotiate, for HTTP/web01`. */
const wayIn = ({ mechanism, spn }: SignInReport): string => (spn ? `${mechanism}, for ${spn}` : mechanism);
