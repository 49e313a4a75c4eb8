import type { SignInReport } from '../../shared/sign-in-report.ts';

/** Why this mechanism, and why not those before it; the same of a proxy that wanted an account. */
export const SignInReasons = ({ signIn: { why, refused, proxy } }: { signIn: SignInReport }) => (
  <>
    <p className="reason">{why}</p>
    {refused.map(({ mechanism, why: whyNot }) => (
      <p key={`${mechanism} ${whyNot}`} className="reason">
        <strong>Not {mechanism}:</strong> {whyNot}
      </p>
    ))}
    {proxy && (
      <p className="reason">
        <strong>At the proxy:</strong> {proxy.mechanism}
        {proxy.account && ` as ${proxy.account}`}. {proxy.why}
      </p>
    )}
    {proxy?.refused.map(({ mechanism, why: whyNot }) => (
      <p key={`proxy ${mechanism} ${whyNot}`} className="reason">
        <strong>Not {mechanism} at the proxy:</strong> {whyNot}
      </p>
    ))}
  </>
);
