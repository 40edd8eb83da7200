import type { CampaignSpec } from './campaign.js';
import type { Instant } from './meeting.js';
import { openFrom } from './windows.js';

type Waits = Pick<CampaignSpec, 'graceMs' | 'notices' | 'windows'>;

const graceTo = ({ graceMs, notices: { digestEveryMs } }: Waits): number => graceMs + Math.min(graceMs, digestEveryMs);

/** From a replacement to the end of its old link at the latest, windows taken as open: grace to its next beat, or the digest that must be out first. */
export const settleMs = (spec: Waits): number => Math.max(graceTo(spec), spec.notices.digestEveryMs);

/** When that is, of what is replaced at `replacedAt`: nobody is mailed and nothing is deleted while the windows for it are closed. */
export function settledAt(spec: Waits, replacedAt: Instant): Instant {
  const from = Date.parse(replacedAt);
  const { writes = [], notices = [] } = spec.windows ?? {};
  const told = openFrom(notices, from + spec.notices.digestEveryMs);
  return new Date(openFrom(writes, Math.max(told, from + graceTo(spec)))).toISOString();
}
