import { handlesIn, newOwner, newOwners } from '../../domain/departed.js';
import { judge } from '../../domain/judge.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { refusalReasons, type ListedMeeting } from '../../domain/meeting.js';
import { numberKey, startKey, type Trace } from '../../domain/traces.js';
import { aSpec, anIdentity } from '../support/specs.js';

const CUT = Date.parse('2024-05-28T00:00:00.000Z');
const DAY = 86_400_000;
const NOW = CUT + 30 * DAY;
const at = (ms: number): string => new Date(ms).toISOString();
const gone = 'robin@example.org';
const identity = { ...anIdentity('m', gone), number: '25551234567' };
const meeting = (changes: Partial<ListedMeeting> = {}): ListedMeeting => ({ identity, kind: 'single', firstStart: at(NOW + DAY), next: { start: at(NOW + DAY), end: at(NOW + DAY + 1) }, hasMore: false, tags: [], ...changes });
const to = { departed: { find: true, to: 'noor@example.org' } } as const;

function judged(spec: Partial<CampaignSpec> = {}, changes: Partial<ListedMeeting> = {}, siblings: 'unknown' | readonly ListedMeeting[] = 'unknown') {
  const { verdict, evidence, reason } = judge({ host: { email: gone }, meeting: meeting(changes), siblings, spec: aSpec('c', spec), exempted: false, now: NOW });
  return [verdict, evidence, reason];
}
const dated = (by: Trace['by'], days: number): Trace => ({ by, key: by === 'number' ? numberKey(identity.number) : startKey(gone, at(NOW + DAY)), created: at(CUT + days * DAY) });
const evidence = (more: Partial<CampaignSpec['evidence']>): Pick<CampaignSpec, 'evidence'> => ({ evidence: { unknown: 'affected', snapshots: [], ...more } });

describe('a meeting whose host left', () => {
  test('is refused by that name while the campaign names nobody, and says what a human can do', () => {
    expect(judged()).toEqual(['refused', 'none', 'HostLeft']);
    expect(judged({ departed: { find: true } })).toEqual(['refused', 'none', 'HostLeft']);
    expect(refusalReasons.HostLeft).toMatch(/departed\.to.*reassign it at the vendor/);
  });

  test('is to be replaced when somebody is named for it, on its site at least', () => {
    expect(judged(to)).toEqual(['affected', 'none', null]);
    expect(judged({ departed: { find: true, sites: { [identity.site]: 'noor@example.org' } } })[0]).toBe('affected');
    expect(judged({ departed: { find: true, sites: { 'elsewhere.example.org': 'noor@example.org' } } })[2]).toBe('HostLeft');
  });

  test('is refused for what no new meeting could have first, and left alone when it is out of scope, over or new', () => {
    expect(judged(to, { refusal: 'SpaceMeeting' })[2]).toBe('SpaceMeeting');
    expect(judged({}, { refusal: 'SpaceMeeting' })[2]).toBe('SpaceMeeting');
    expect(judged({ scope: { hosts: ['noor@example.org'], sites: 'all', horizonMs: DAY } })[2]).toBe('HostOutOfScope');
    expect(judged({ scope: { hosts: [gone], sites: 'all', horizonMs: DAY } })[2]).toBe('HostLeft');
    expect(judged({}, { next: undefined })[2]).toBe('NothingLeft');
    expect(judged(evidence({ calendar: [dated('number', 1)] }))).toEqual(['unaffected', 'calendar', 'CreatedAfter']);
  });

  test('is not new because an inventory lacks it: whoever had left by then was listed in none', () => {
    const inventory = { takenAt: at(CUT + DAY), ids: ['other'] };
    expect(judged({ ...to, ...evidence({ snapshots: [inventory] }) })).toEqual(['affected', 'none', null]);
    expect(judged(evidence({ snapshots: [inventory] }), {}, [])[0]).toBe('unaffected');
    expect(judged({ ...to, ...evidence({ snapshots: [{ takenAt: at(CUT), ids: [identity.id] }] }) })).toEqual(['affected', 'snapshot', null]);
  });

  test('is not new because of host and start, which another meeting of theirs that nobody lists may share; old it may be', () => {
    expect(judged({ ...to, ...evidence({ calendar: [dated('host+start', 1)] }) })).toEqual(['affected', 'none', null]);
    expect(judged({ ...to, ...evidence({ calendar: [dated('host+start', -1)] }) })).toEqual(['affected', 'calendar', null]);
  });
});

test('the site’s own new host comes before the general one, whatever the case of its name', () => {
  const spec = { departed: { find: true, to: 'noor@example.org', sites: { 'north.example.org': 'sam@example.org' } } };
  expect(newOwner(spec, 'North.example.org')).toBe('sam@example.org');
  expect(newOwner(spec, 'south.example.org')).toBe('noor@example.org');
  expect(newOwner({}, 'south.example.org')).toBeUndefined();
  expect(newOwners(spec)).toEqual(['noor@example.org', 'sam@example.org']);
});

test('what evidence names is looked up once; host and start lead nowhere', () => {
  const number = dated('number', 1);
  const link: Trace = { by: 'link', key: 'example.webex.com/j', created: at(CUT) };
  const spec = evidence({ calendar: [number, dated('host+start', 1)], invitations: [number, link], snapshots: [{ takenAt: at(CUT), ids: ['a', 'b'] }, { takenAt: at(CUT), ids: ['a'] }] });
  expect(handlesIn(spec.evidence)).toEqual([{ by: 'number', key: '25551234567' }, { by: 'link', key: 'example.webex.com/j' }, { by: 'id', key: 'a' }, { by: 'id', key: 'b' }]);
});
