import type { SessionKey } from '../shared/contract.ts';
import type { AuditedAction } from './audit.ts';
import type { Named } from './session-acts.ts';

/** What is done to one session. */
export interface Act {
  readonly key: SessionKey;
  readonly action: AuditedAction;
  readonly run: () => Promise<void>;
}

/** An act that was asked for and has not ended. */
export interface Asked {
  /** Asked for otherwise before its turn has come, the last word counts. */
  act: Act;
  readonly named: Named;
  hasBegun: boolean;
  /** Force takes its place: should it fail now, what becomes of its session is told there. */
  isOvertaken: boolean;
}

/** The one spares what the other would not. */
export const isMore = (act: Act, than: Act): boolean =>
  act.action === 'forceRemove' && than.action !== 'forceRemove';

/** What was begun does less than what is asked for now. */
export const isTooLittle = ({ hasBegun, act }: Asked, asked: Act): boolean => hasBegun && isMore(asked, act);
