import type { CampaignSpec } from './campaign.js';
import type { Instant } from './meeting.js';
import { openFrom } from './windows.js';

type Waits = Pick<CampaignSpec, 'graceMs' | 'notices' | 'windows'>;

const graceTo = ({ graceMs, notices: { digestEveryMs } }: Waits): number => graceMs + Math.min(graceMs, digestEveryMs);

/** From a replacement to the end of its old link at the latest, windows taken as open: the digest that tells of it, then grace to its next beat. */
export const settleMs = (spec: Waits): number => spec.notices.digestEveryMs + graceTo(spec);

/** When that is, of what is replaced at `replacedAt`: nobody is mailed and nothing is deleted while the windows for it are closed. */
export function settledAt(spec: Waits, replacedAt: Instant): Instant {
  const { writes = [], notices = [] } = spec.windows ?? {};
  const told = openFrom(notices, Date.parse(replacedAt) + spec.notices.digestEveryMs);
  return new Date(openFrom(writes, told + graceTo(spec))).toISOString();
}
