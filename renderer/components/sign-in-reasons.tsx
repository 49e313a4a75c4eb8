import type { SignInReport } from '../../shared/sign-in-report.ts';

/** Why this mechanism, and why not those before it. */
export const SignInReasons = ({ signIn: { why, refused } }: { signIn: SignInReport }) => (
  <>
    <p className="reason">{why}</p>
    {refused.map(({ mechanism, why: whyNot }) => (
      <p key={`${mechanism} ${whyNot}`} className="reason">
        <strong>Not {mechanism}:</strong> {whyNot}
      </p>
    ))}
  </>
);
