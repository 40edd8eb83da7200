import { changesLeft } from './changes.js';
import { isAsSeries } from './co-hosts.js';
import type { ComparedField, Comparison } from './compare.js';
import type { MeetingSnapshot } from './meeting.js';
import { settingVerdicts } from './settings.js';

type Settings = MeetingSnapshot['options'];
type Verdict = ComparedField['verdict'];

/** Before the name of a setting that single occurrences have otherwise than their series: `changes.meetingOptions.enabledChat`. */
export const OF_CHANGES = 'changes.';

/** A series of which nothing but the settings of single occurrences is left out: what of its changes was nothing else is none then. */
export function withoutSettings(meeting: MeetingSnapshot): MeetingSnapshot {
  const changes = meeting.changes?.flatMap((change) => {
    if (change.held?.options === undefined) return [change];
    const { options: _own, ...held } = change.held;
    const asked = { original: change.original, held };
    return isAsSeries(asked, meeting) ? [] : [asked];
  });
  return { ...meeting, changes };
}

/**
 * A row for each setting that an occurrence to come has otherwise than its series, in either meeting or by what is asked for: the worst of all such
 * occurrences. Each is compared with all its settings, those that it has from its series too. What was deleted in either does not count.
 */
export function occurrenceSettings({ legacy, replacement, intended, texts, open, now }: Comparison): readonly ComparedField[] {
  const [was, must, is] = [ownLeft(legacy, now), ownLeft({ ...legacy, ...texts }, now), ownLeft(replacement, now)];
  const rows = new Map<string, Verdict>();
  for (const original of new Set([...was.keys(), ...must.keys(), ...is.keys()])) {
    const [ours, asked, theirs] = [was.get(original) ?? {}, must.get(original) ?? {}, is.get(original) ?? {}];
    if (ours === 'deleted' || theirs === 'deleted' || asked === 'deleted') continue;
    const names = [ours, asked, theirs].flatMap(Object.keys);
    const pick = (series: Settings, own: Settings): Settings => Object.fromEntries(Object.entries({ ...series, ...own }).filter(([name]) => names.includes(name)));
    for (const { field, verdict } of settingVerdicts(pick(legacy.options, ours), pick(intended, asked), pick(replacement.options, theirs), open)) {
      rows.set(field, worse(rows.get(field), verdict));
    }
  }
  return [...rows].map(([field, verdict]) => ({ field: `${OF_CHANGES}${field}`, verdict }));
}

const worst: readonly Verdict[] = ['different', 'intended', 'equal'];
const worse = (known: Verdict | undefined, verdict: Verdict): Verdict => worst.find((each) => each === known || each === verdict) ?? verdict;

/** What each occurrence to come has otherwise than its series, by the start that the rule gives it. */
const ownLeft = (meeting: MeetingSnapshot, now: number): ReadonlyMap<string, Settings | 'deleted'> =>
  new Map(changesLeft(meeting, now).filter(({ original, held }) => Date.parse(held?.start ?? original) > now).map(({ original, held }) => [original, held ? (held.options ?? {}) : 'deleted']));
