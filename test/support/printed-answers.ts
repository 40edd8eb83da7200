import type { AnsweringVerb, AnswerOf } from '../../client/answers/index.js';
import { emptyCounts } from '../../domain/states.js';

const AT = '2026-11-24T03:10:00.000Z';
const cause = { rule: 'unverified', limit: '5%', count: 3, of: 20 } as const;
const gate = { id: 1, gate: 'rule unverified', holds: 'all', answer: 'hold', cause, openedAt: AT } as const;
const approval = { ...gate, gate: 'wave 2', cause: null, approvedAt: AT, by: 'Robin', reason: 'well' } as const;
const throttle = { id: 2, limit: 'requests', of: 'ops-1', value: 120, at: AT, by: 'Robin', reason: 'busy' } as const;
const exemption = { id: 4, kind: 'host', key: 'hhh', until: AT, standing: 'removed', by: 'Robin', reason: 'moves', at: AT, removed: { by: 'Robin', reason: 'moved', at: AT }, meetings: 2 } as const;

const order = { id: 5, verb: 'rollback', at: AT, by: 'Robin', reason: 'wrong lobby', scope: { states: ['held'], failure: 'LegacyChanged', hosts: ['hhh'], wave: 2, limit: 3, named: 1 }, now: { held: 1 }, later: { held: 1 }, carriedOut: { at: AT, ordered: 1, refused: 0 } } as const;
const standing = { number: 6, at: AT, by: 'Robin', reason: null } as const;
const receipt = { number: 7, ordered: 1, refused: 0, preview: [{ state: 'held', wave: 1, failure: 'LegacyChanged', meetings: 1 }] } as const;

const status: AnswerOf<'status'> = {
  campaign: 'story',
  phase: 'awaiting-approval',
  counts: { ...emptyCounts(), found: 1, held: 1 },
  reconciles: true,
  failures: { VendorRefused: 1 },
  notices: { queued: 0, sent: 1, bounced: 0 },
  quota: [{ identity: 'ops-1', createsUsed: 1, createsLimit: 3000, quietUntil: null }],
  eta: null,
  exposedStarts: 0,
  wave: { current: 1, last: 3 },
  rate: { replaced: 4, most: [{ identity: 'ops-1', requestsPerMinute: 120.5, learned: true }] },
  deadline: AT,
  foreseen: { planned: AT, earlier: { at: AT, endsAt: AT } },
  workflowFailure: 'Forbidden: status 403; give it the scopes',
  credentials: [{ identity: 'ops-1', accessExpiresAt: AT, refreshExpiresAt: null, problem: null }],
  gates: [gate],
  approvals: [approval],
  orders: [{ ...order, scope: { ...order.scope, states: ['held'], hosts: ['hhh'] } }],
  exemptions: [exemption],
  announcements: { organisers: 1, meetings: 2, bounced: 0, toTell: { organisers: 1, meetings: 1 }, tooSoon: 1, firstAt: AT },
  elsewhere: 2,
  outages: [{ identity: 'ops-1', failure: 'Unauthorised', meetings: 3 }],
  windows: [{ of: 'writes', rate: 0, window: 'sat, sun 00:00-24:00 UTC', until: AT }, { of: 'notices', rate: null, window: null, until: null }],
  throttles: [throttle],
  throttleOrders: [throttle, { ...throttle, id: 3, value: null }],
  recheck: { rechecked: 2, drifted: [{ drift: 'StillResolves', meetings: 1, example: 'abc' }] },
};

const plan: AnswerOf<'plan'> = {
  campaign: 'story',
  number: 2,
  advisory: { id: 'advisory', createdBefore: AT, cutOff: AT },
  meetings: 1,
  waves: [{ wave: 1, meetings: 1, soonest: null, hosts: 1, beginsAt: AT, pointOfNoReturn: AT, endsAt: AT }],
  pointOfNoReturn: { steps: ['retire'], graceMs: 1, earliest: AT },
  forecast: { requests: 14, waves: [{ wave: 1, beginsAt: AT, replacedAt: AT }], replacedAt: AT, limitedBy: 'creations', closedMs: 1, endsAt: AT, identities: [{ identities: 1, replacedAt: AT }] },
  exposed: { meetings: 1, soonest: AT, keys: ['abc'] },
  notices: { organisers: 1, digestEveryMs: 1, urgentWithinMs: 1 },
  announcements: { announceMs: 1, organisers: 1, meetings: 1, tooSoon: 0 },
  departed: { meetings: 1 },
  ceiling: { maxMeetings: 1, maxShare: '30%', found: 4, exceeded: false },
  findings: [{ evidence: 'none', affected: 1, unaffected: 0, excluded: 0, refused: 0 }],
  refusals: [{ reason: 'Webinar', meetings: 1, explanation: '' }],
  others: [],
  exemptions: [exemption],
  rehearsal: { standing: 'failed', last: { plan: 1, passed: false, faults: 'hostile', share: 0.1, at: AT }, asked: true },
  diff: { since: 1, changes: [{ meeting: 'abc', change: 'changed', fields: ['wave', 'startsAt'] }] },
};

const rehearse: AnswerOf<'rehearse'> = {
  campaign: 'story',
  plan: 2,
  shape: { meetings: 1, others: 2, hosts: 1, kinds: { single: 1 }, most: 1 },
  sample: { share: 0.1, hosts: 1, meetings: 1 },
  scale: 20,
  waits: { graceMs: 1, digestEveryMs: 1 },
  seed: 1,
  faults: 'ordinary',
  took: 1,
  estimated: { ms: 1, windowsMs: 0, how: 'as measured' },
  requestsPerMeeting: 12.5,
  mails: { sent: 1, people: 1, mostToOne: 1, byVendor: 0 },
  stopRules: [{ gate: 'rule unverified', answer: 'hold', cause }],
  approvals: 1,
  counts: { ...emptyCounts(), found: 1, held: 1 },
  failures: { VendorRefused: 1 },
  audit: { legacyLeft: 0 },
  passed: false,
  faultsFound: ['1 are held'],
  at: AT,
};

const invitee = { email: 'guest@example.org', displayName: null, coHost: true, panelist: false } as const;
const reveal = {
  host: 'robin@example.org',
  site: 'meet.example.org',
  id: 'm1',
  number: '25501110001',
  replacement: { id: 'm2', number: '25501110002' },
  content: {
    hostName: 'Robin Vael',
    title: 'Budget',
    agenda: null,
    timezone: 'Europe/Amsterdam',
    start: AT,
    end: AT,
    recurrence: 'FREQ=WEEKLY',
    changes: [{ original: AT, held: { start: AT, end: AT, title: 'Budget', agenda: 'figures', invitees: [invitee] } }, { original: AT, held: null }],
    invitees: [invitee],
    settings: { publicMeeting: false },
    parts: { breakoutSessions: [{ name: 'Garden' }] },
  },
} as const;

const meeting: AnswerOf<'show'> = {
  meeting: 'abc',
  state: 'held',
  wave: 1,
  evidence: 'calendar',
  proof: 'host+start',
  reason: null,
  failure: 'LegacyChanged',
  failedStep: 'retire',
  note: null,
  kind: 'series',
  lane: 'ops-1',
  startsAt: AT,
  graceEndsAt: null,
  retiredAt: null,
  departed: true,
  steps: [{ step: 'replace', state: 'done', at: AT, attempt: 1, trackingId: 'T-1', failure: null, note: null }, { step: 'verify', state: 'failed', at: AT, attempt: 1, trackingId: null, failure: 'VendorRefused', code: 400, note: 'title' }],
  fidelity: [{ field: 'hostKey', verdict: 'lost', why: 'it is new' }],
  exemptions: [exemption],
  approvals: [approval],
  throttleOrders: [throttle],
  orders: [],
  reveal,
};

/** What verbs print, with everything in it that may be there. */
export const printedAnswers: { readonly [V in AnsweringVerb]: AnswerOf<V> } = {
  demo: { status, audit: { legacyLeft: 0 }, scale: 20, seconds: 60, kills: { worker: 10, temporal: 1, postgres: 1 } },
  doctor: [{ check: 'node', ok: true, detail: '20.3.0', remedy: '' }],
  up: { temporal: '127.0.0.1:7233', namespace: 'default', ui: null, metrics: null, data: 'data' },
  plan,
  rehearse,
  start: { campaign: 'story', started: true, run: null, links: ['http://127.0.0.1:8233'] },
  status,
  show: meeting,
  failures: [{ failure: 'unknown', code: 400, failed: 1, held: 0, example: 'abc', remedy: 'see it' }],
  approve: { campaign: 'story', ...approval },
  throttle: { campaign: 'story', orders: [throttle] },
  exempt: { campaign: 'story', order: 'exempt', exempted: 1, unchanged: 0, left: 1, underWay: 0, preview: { leave: 1, underWay: 0, return: 0, settled: 0, inForce: 0 } },
  pause: { campaign: 'story', order: 'pause', ...standing },
  resume: { campaign: 'story', order: 'resume', ...standing },
  stop: { campaign: 'story', order: 'stop', ...standing },
  rollback: { campaign: 'story', order: 'rollback', ...receipt, preview: [...receipt.preview] },
  release: { campaign: 'story', order: 'release', ...receipt, preview: [...receipt.preview] },
  retry: { campaign: 'story', order: 'retry', ...receipt, preview: [...receipt.preview] },
  'schedule create': { campaign: 'story', schedule: 'created' },
  'schedule list': [{ campaign: 'story', paused: false, next: [AT], last: null }],
  report: { json: 'a.json', csv: 'a.csv' },
  'inventory export': { file: 'a.json', takenAt: AT, meetings: 1 },
};
