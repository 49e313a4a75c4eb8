import { measure, program } from './measure.mjs';
import { skipped, times } from './table.mjs';

const AT_ONCE = 32;
const COMPUTERS = 500;
const OWN = 'simulated computer in a process of its own';
const PEER = 'MIT’s acceptor, in Python';

/** What a sign-in costs beside the connection that it is made on, and how many a sweep makes in a second. */
export async function signInRows() {
  const { own, kerberos } = await measure(...program('sign-ins.ts', String(AT_ONCE), String(COMPUTERS)));
  const { requests } = own.logins;
  return [
    handshake('Basic', own.handshakes.basic, own.handshakes.tcp, OWN),
    handshake('NTLM', own.handshakes.ntlm, own.handshakes.tcp, OWN),
    ...(kerberos.missing ? [skipped('sign-in, Kerberos', kerberos.missing)] : kerberosRows(kerberos)),
    {
      what: `${COMPUTERS} logins of a sweep, NTLM`,
      ours: perSecond(own.logins.ntlm),
      beside: `${perSecond(own.logins.bare)} bare HTTP, ${requests} requests`,
      ratio: times(own.logins.bare / own.logins.ntlm),
      note: 'listed by the window’s fleet',
    },
  ];
}

const kerberosRows = ({ handshakes: { tcp, ticket, password }, logins }) => [
  handshake('Kerberos by ticket', ticket, tcp, PEER),
  handshake('Kerberos by password', password, tcp, 'the KDC is asked twice each time'),
  {
    what: `${COMPUTERS} logins, ${AT_ONCE} at once, Kerberos`,
    ours: perSecond(logins.kerberos),
    note: `${PEER}, sets the pace`,
  },
];

const handshake = (name, ms, tcp, note) => ({
  what: `sign-in, ${name}`,
  ours: `${ms.toFixed(2)} ms`,
  beside: `${tcp.toFixed(2)} ms TCP connect`,
  ratio: times(ms / tcp),
  note: `with one answer; ${note}`,
});

const perSecond = (ms) => `${((COMPUTERS * 1000) / ms).toFixed(0)}/s`;
