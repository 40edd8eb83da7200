import { changesLeft } from './changes.js';
import { isAsSeries } from './co-hosts.js';
import type { ComparedField, Comparison } from './compare.js';
import type { ChangedOccurrence, MeetingSnapshot } from './meeting.js';
import { partsThatDiffer } from './parts.js';
import { settingVerdicts } from './settings.js';

type Settings = MeetingSnapshot['options'];
type Own = Pick<ChangedOccurrence, 'options' | 'parts'>;
type Verdict = ComparedField['verdict'];

/** Before the name of a setting, or a part, that single occurrences have otherwise than their series: `changes.meetingOptions.enabledChat`. */
export const OF_CHANGES = 'changes.';

/** A series without the settings and parts of single occurrences: what of its changes was nothing else is none then. */
export function withoutOwn(meeting: MeetingSnapshot): MeetingSnapshot {
  const changes = meeting.changes?.flatMap((change) => {
    if (change.held?.options === undefined && change.held?.parts === undefined) return [change];
    const { options: _settings, parts: _parts, ...held } = change.held;
    const asked = { original: change.original, held };
    return isAsSeries(asked, meeting) ? [] : [asked];
  });
  return { ...meeting, changes };
}

/**
 * A row for each setting, and each part, that an occurrence to come has otherwise than its series, in either meeting or by what is asked for: the worst of
 * all such occurrences. Each is compared with all that it has, from its series too. What was deleted in either does not count.
 */
export function ofOccurrences(facts: Comparison): readonly ComparedField[] {
  const { legacy, replacement, texts, now } = facts;
  const [was, must, is] = [ownLeft(legacy, now), ownLeft({ ...legacy, ...texts }, now), ownLeft(replacement, now)];
  const rows = new Map<string, Verdict>();
  for (const original of new Set([...was.keys(), ...must.keys(), ...is.keys()])) {
    const [ours, asked, theirs] = [was.get(original) ?? {}, must.get(original) ?? {}, is.get(original) ?? {}];
    if (ours === 'deleted' || theirs === 'deleted' || asked === 'deleted') continue;
    for (const { field, verdict } of [...settings(facts, { ours, asked, theirs }), ...parts(facts, { ours, theirs })]) rows.set(field, worse(rows.get(field), verdict));
  }
  return [...rows].map(([field, verdict]) => ({ field: `${OF_CHANGES}${field}`, verdict }));
}

function settings({ legacy, replacement, intended, open }: Comparison, { ours, asked, theirs }: { readonly ours: Own; readonly asked: Own; readonly theirs: Own }): readonly ComparedField[] {
  const names = [ours, asked, theirs].flatMap(({ options = {} }) => Object.keys(options));
  const pick = (series: Settings, { options }: Own): Settings => Object.fromEntries(Object.entries({ ...series, ...options }).filter(([name]) => names.includes(name)));
  return settingVerdicts(pick(legacy.options, ours), pick(intended, asked), pick(replacement.options, theirs), open);
}

function parts({ legacy, replacement }: Comparison, { ours, theirs }: { readonly ours: Own; readonly theirs: Own }): readonly ComparedField[] {
  if (!ours.parts && !theirs.parts) return [];
  const [was, is] = [ours.parts ?? legacy.parts ?? {}, theirs.parts ?? replacement.parts ?? {}];
  const differ = partsThatDiffer(was, is);
  const names = new Set([legacy.parts ?? {}, was, is].flatMap(Object.keys));
  return [...names].map((field) => ({ field, verdict: differ.includes(field) ? 'different' : 'equal' }));
}

const worst: readonly Verdict[] = ['different', 'intended', 'equal'];
const worse = (known: Verdict | undefined, verdict: Verdict): Verdict => worst.find((each) => each === known || each === verdict) ?? verdict;

/** What each occurrence to come has otherwise than its series, by the start that the rule gives it. */
const ownLeft = (meeting: MeetingSnapshot, now: number): ReadonlyMap<string, Own | 'deleted'> =>
  new Map(changesLeft(meeting, now).filter(({ original, held }) => Date.parse(held?.start ?? original) > now).map(({ original, held }) => [original, held ?? 'deleted']));
