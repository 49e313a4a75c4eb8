import type { RefusedMechanism, SignInReport } from '../../shared/sign-in-report.ts';

/** Why this mechanism, and why not those before it; the same of a proxy that wanted an account. */
export const SignInReasons = ({ signIn: { why, refused, proxy } }: { signIn: SignInReport }) => (
  <>
    <p className="reason">{why}</p>
    <Refused refused={refused} />
    {proxy && (
      <p className="reason">
        <strong>At the proxy:</strong> {proxy.mechanism}
        {proxy.account && ` as ${proxy.account}`}. {proxy.why}
      </p>
    )}
    {proxy && <Refused refused={proxy.refused} where=" at the proxy" />}
  </>
);

const Refused = ({ refused, where = '' }: { refused: readonly RefusedMechanism[]; where?: string }) =>
  refused.map(({ mechanism, why }) => (
    <p key={`${mechanism} ${why}`} className="reason">
      <strong>
        Not {mechanism}
        {where}:
      </strong>{' '}
      {why}
    </p>
  ));
