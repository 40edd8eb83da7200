import { z } from 'zod';
import type { MeetingSnapshot, OccurrenceChange, ReplacementPolicy, SiteRules } from '../../../domain/meeting.js';

/** One of GET /meetings/trackingCodes: https://developer.webex.com/docs/api/v1/meetings/list-meeting-tracking-codes */
export const TrackingCode = z.object({
  name: z.string(),
  /** `hostProfileSelect` is for profiles of hosts alone. */
  inputMode: z.enum(['text', 'select', 'editableSelect', 'hostProfileSelect']),
  type: z.enum(['optional', 'required', 'adminSet', 'notUsed', 'notApplicable']),
  options: z.array(z.object({ value: z.string(), defaultValue: z.boolean() })).default([]),
});
export type TrackingCode = z.infer<typeof TrackingCode>;

/** Values by the names of codes. */
type Codes = Readonly<Record<string, string>>;

const Rules = z.object({ trackingCodes: z.array(TrackingCode) });
const Shown = z.array(z.object({ name: z.string(), value: z.string() }));
const Kept = z.record(z.string(), z.string());

/** As a meeting shows them, by name, so that each is compared by itself; what cannot be read so stays as it is. An empty value is none. */
export function byName(shown: unknown): unknown {
  const { data } = Shown.safeParse(shown);
  const names = new Set(data?.map(({ name }) => name));
  return data?.length === names.size ? Object.fromEntries(data.flatMap(({ name, value }) => (value === '' ? [] : [[name, value]]))) : shown;
}

/** As POST /meetings takes them. */
export function asList(codes: unknown): unknown {
  const { data } = Kept.safeParse(codes);
  return data ? Object.entries(data).map(([name, value]) => ({ name, value })) : codes;
}

/** The codes of a new meeting. */
export interface CodePlan {
  /** What the creation says, and the new meeting must show. */
  readonly codes: unknown;
  /** Fields that the new meeting has not, or has with another value. */
  readonly lost: readonly string[];
  /** Fields for which the site takes no value that we could give. */
  readonly stuck: readonly string[];
}

const FIELD = 'trackingCodes';
const fieldsOf = (names: readonly string[]): readonly string[] => names.map((name) => `${FIELD}.${name}`);

/** Pure. Where nothing is known of the site the codes are taken over as they are. */
export function planCodes({ options, siteRules }: Pick<MeetingSnapshot, 'options' | 'siteRules'>, { trackingCodes: policy }: Pick<ReplacementPolicy, 'trackingCodes'>): CodePlan {
  const [rules, own] = [rulesIn(siteRules), Kept.optional().safeParse(options[FIELD]).data];
  if (!rules || (options[FIELD] !== undefined && !own)) return { codes: options[FIELD], lost: [], stuck: [] };
  const codes = new Map<string, string>();
  const [lost, stuck]: [string[], string[]] = [[], []];
  for (const [name, value] of Object.entries(own ?? {})) {
    const rule = rules.get(name);
    if (rule?.type === 'adminSet') lost.push(name); // the vendor sets it anew: compared with what it was
    else if (takes(rule, value)) codes.set(name, value);
    else if (policy !== 'site-default') stuck.push(name);
    else {
      lost.push(name);
      setDefault(codes, rule, stuck);
    }
  }
  for (const rule of missing(rules, own)) setDefault(codes, rule, stuck);
  return { codes: codes.size > 0 || own ? Object.fromEntries(codes) : undefined, lost: fieldsOf(lost), stuck: fieldsOf(stuck) };
}

/** The same of single occurrences that have codes of their own. */
export function planOwnCodes({ siteRules }: Pick<MeetingSnapshot, 'siteRules'>, changes: readonly OccurrenceChange[] | undefined, policy: Pick<ReplacementPolicy, 'trackingCodes'>): Pick<CodePlan, 'lost' | 'stuck'> {
  const plans = ownIn(changes).map((options) => planCodes({ options, siteRules }, policy));
  return { lost: [...new Set(plans.flatMap(({ lost }) => lost))], stuck: [...new Set(plans.flatMap(({ stuck }) => stuck))] };
}

/** Settings of occurrences among which are codes. */
const ownIn = (changes: readonly OccurrenceChange[] = []): readonly MeetingSnapshot['options'][] => changes.flatMap(({ held }) => (held?.options?.[FIELD] === undefined ? [] : [held.options]));

const rulesIn = (rules: SiteRules | undefined): ReadonlyMap<string, TrackingCode> | undefined => {
  const { data } = Rules.safeParse(rules);
  return data && new Map(data.trackingCodes.map((rule) => [rule.name, rule]));
};

const isUsable = ({ type, inputMode }: TrackingCode): boolean => (type === 'optional' || type === 'required') && inputMode !== 'hostProfileSelect';

const takes = (rule: TrackingCode | undefined, value: string): boolean =>
  rule !== undefined && isUsable(rule) && (rule.inputMode !== 'select' || rule.options.some((option) => option.value === value));

/** What must be given and the meeting has not. A default that is not asked for the vendor gives by itself. */
const missing = (rules: ReadonlyMap<string, TrackingCode>, own: Codes = {}): readonly TrackingCode[] =>
  [...rules.values()].filter((rule) => rule.type === 'required' && isUsable(rule) && !Object.hasOwn(own, rule.name));

function setDefault(codes: Map<string, string>, rule: TrackingCode | undefined, stuck: string[]): void {
  if (!rule || !isUsable(rule)) return;
  const standard = rule.options.find(({ defaultValue }) => defaultValue)?.value;
  if (standard !== undefined) codes.set(rule.name, standard);
  else if (rule.type === 'required') stuck.push(rule.name);
}

/** Whether values count, which differ from host to host, and not only which codes a site has. */
export const dependsOnHost = ({ options, changes }: Pick<MeetingSnapshot, 'options' | 'changes'>, rules: readonly TrackingCode[]): boolean => [options, ...ownIn(changes)].some((each) => hasValues(each, rules));

function hasValues(options: MeetingSnapshot['options'], rules: readonly TrackingCode[]): boolean {
  const own = Kept.safeParse(options[FIELD]).data ?? {};
  return rules.some((rule) => isUsable(rule) && (Object.hasOwn(own, rule.name) ? rule.inputMode === 'select' : rule.type === 'required'));
}
