import { ACTIONS } from '../wsman/request.ts';

/** What asks and changes nothing. */
const ASKING: readonly string[] = [ACTIONS.Enumerate, ACTIONS.Get];
/** These do move a list on, or end it, which nobody else sees. */
const LISTING: readonly string[] = [ACTIONS.Pull, ACTIONS.Release];

/** Whether a request of ours, as SOAP text, does no harm if it is carried out twice. */
export const isRepeatable = (soap: string): boolean => isOneOf(ASKING, soap);

/** Whether it is a question: nothing on the computer is another for it, even where it must not be carried out twice. */
export const changesNothing = (soap: string): boolean => isOneOf([...ASKING, ...LISTING], soap);

function isOneOf(actions: readonly string[], soap: string): boolean {
  const [header = ''] = soap.split('<s:Body>', 1);
  const action = /<a:Action\b[^>]*>([^<]*)</.exec(header)?.[1];
  // An Identify has no action.
  return action === undefined ? soap.includes('<s:Body><wsmid:Identify/>') : actions.includes(action);
}
