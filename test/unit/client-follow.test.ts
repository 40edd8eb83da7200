import { createScreen } from '../../client/io.js';
import type { CampaignSession } from '../../client/session.js';
import { follow } from '../../client/steer/follow.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { emptyCounts } from '../../domain/states.js';
import { weekdays } from '../../domain/windows.js';
import { aSpec } from '../support/specs.js';

const screen = createScreen({ write: () => true }, true);

/** A campaign with these specs and states of its workflow at one look after the other; the last stays. */
function sessionOf(specs: readonly CampaignSpec[], states: readonly string[]): CampaignSession {
  let looks = 0;
  const at = <T>(list: readonly T[], i: number): T => list[Math.min(i, list.length - 1)] as T;
  const none = () => Promise.resolve([]);
  const status = { campaign: 'spring', phase: 'planning', counts: emptyCounts(), reconciles: true, failures: {}, notices: { queued: 0, sent: 0, bounced: 0 }, quota: [], exposedStarts: 0, replacedLately: 0, deadline: null, order: 'go', remaining: 0, latestGraceEnd: null, wave: null };
  const ledger = {
    campaigns: { get: () => Promise.resolve({ spec: at(specs, looks - 1) }) },
    plans: { status: () => Promise.resolve(status), hostLoad: none },
    forecasts: { foreseen: () => Promise.resolve({ planned: null, earlier: null }) },
    rechecks: { drifted: () => Promise.resolve({ rechecked: 0, drifted: [] }) },
    gates: { open: none, approvals: none },
    throttles: { orders: none },
    exemptions: { list: none },
    orders: { list: none },
    announcements: { standing: () => Promise.resolve(undefined) },
  };
  const temporal = () => Promise.resolve({ workflow: { getHandle: () => ({ describe: () => Promise.resolve({ status: { name: at(states, looks++) }, runId: 'r' }) }) } });
  return { name: 'spring', spec: specs[0], config: { identities: [] }, ledger, temporal } as unknown as CampaignSession;
}

const slowed = aSpec('spring', { windows: { writes: [{ days: weekdays, from: 0, to: 1440, zone: 'UTC', rate: 60 }], notices: [] } });

test('a file that is edited meanwhile counts from the next look on', async () => {
  const seen: (string | null | undefined)[] = [];
  await follow(sessionOf([aSpec('spring'), slowed], ['RUNNING', 'RUNNING', 'COMPLETED']), screen, { everyMs: 1, onLook: ({ status }) => void seen.push(status.windows?.[0]?.of) });
  expect(seen).toEqual([undefined, 'writes', 'writes']);
});
