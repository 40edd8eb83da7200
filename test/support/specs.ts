import { HostLists } from '../../activities/host-lists.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Finding } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';

const DAY = 86_400_000;

/** A campaign as a file would give it. */
export const aSpec = (name: string, changes: Partial<CampaignSpec> = {}): CampaignSpec => ({
  name,
  advisory: { vendor: 'webex', id: 'a', title: 'a', createdBefore: '2024-05-28T00:00:00.000Z', marginMs: 0, marginReason: '', sources: [] },
  identities: ['ops-1'],
  scope: { hosts: 'all', sites: 'all', horizonMs: 365 * DAY },
  evidence: { unknown: 'affected', snapshots: [] },
  policy: { lobby: 'required', joinBeforeHost: false },
  startGuardMs: 60_000,
  graceMs: 60_000,
  notices: { language: 'en', urgentWithinMs: 2 * DAY, digestEveryMs: 60_000 },
  limits: { maxMeetings: 1000, maxConcurrent: 20 },
  waves: [1, 10, 'rest'],
  ...changes,
});

export const anIdentity = (id: string, hostEmail = 'secret.host@example.org'): MeetingIdentity => ({
  vendor: 'webex',
  site: 'secret-site.example.org',
  id: `secret-id-${id}`,
  hostEmail,
  number: `secret-number-${id}`,
  link: `https://secret-link.example.org/${id}`,
});

export const aFinding = (id: string, changes: Partial<Finding> = {}): Finding => ({
  identity: anIdentity(id),
  kind: 'single',
  startsAt: new Date(Date.now() + 7 * DAY).toISOString(),
  judgement: { verdict: 'affected', evidence: 'none', proof: null, reason: null },
  ...changes,
});

export const aSnapshot = (id: string, changes: Partial<MeetingSnapshot> = {}): MeetingSnapshot => {
  const start = new Date(Date.now() + 7 * DAY).toISOString();
  const end = new Date(Date.now() + 7 * DAY + 3_600_000).toISOString();
  return {
    identity: anIdentity(id),
    kind: 'single',
    hostName: 'secret-name',
    title: 'secret-title',
    agenda: 'secret-agenda',
    timezone: 'Europe/Amsterdam',
    start,
    end,
    occurrences: [{ start, end }],
    options: { publicMeeting: false },
    invitees: [{ email: 'secret.guest@example.org', coHost: false, panelist: false }],
    tags: [],
    password: 'secret-passcode',
    ...changes,
  };
};

/** Of a vendor that lists no host in one request: each meeting is asked for by itself. */
export const noLists = (): HostLists => new HostLists({ listHost: () => Promise.resolve('many') });
