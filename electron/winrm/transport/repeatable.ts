import { ACTIONS } from '../wsman/request.ts';

/** What asks and changes nothing. A Pull moves the list on. */
const ASKING: readonly string[] = [ACTIONS.Enumerate, ACTIONS.Get];

/** Whether a request of ours, as SOAP text, does no harm if it is carried out twice. */
export function isRepeatable(soap: string): boolean {
  const [header = ''] = soap.split('<s:Body>', 1);
  const action = /<a:Action\b[^>]*>([^<]*)</.exec(header)?.[1];
  // An Identify has no action.
  return action === undefined ? soap.includes('<s:Body><wsmid:Identify/>') : ASKING.includes(action);
}
