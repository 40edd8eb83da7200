import type { ChangedOccurrence, MeetingSnapshot, OccurrenceChange, ReplacementPolicy } from '../../../domain/meeting.js';
import { settingsThatDiffer } from '../../../domain/settings.js';
import { scrubbed } from './agenda.js';
import { genuine } from './changed-occurrences.js';
import { intendedOptions } from './map.js';
import { asList } from './tracking-codes.js';

type Settings = MeetingSnapshot['options'];

/** Of these the vendor's document says that one counts only with another, or has a default beside it: they are written together. */
const together: readonly (readonly string[])[] = [
  ['enabledJoinBeforeHost', 'enableConnectAudioBeforeHost', 'joinBeforeHostMinutes'],
  ['enableAutomaticLock', 'automaticLockMinutes'],
  ['enabledVisualWatermark', 'visualWatermarkOpacity'],
  ['enabledLiveStream', 'liveStream'],
  ['requireAttendeeLogin', 'restrictToInvitees'],
];

/** The meeting that an occurrence would be by itself, as far as settings go. */
export const asOccurrence = (series: MeetingSnapshot, { options }: Pick<ChangedOccurrence, 'options'>): MeetingSnapshot => ({ ...series, options: { ...series.options, ...options } });

/** A meeting as its replacement is written, and read back. */
export const wantedOf = (legacy: MeetingSnapshot, policy: ReplacementPolicy): MeetingSnapshot => underPolicy(scrubbed(legacy), policy);

/**
 * A series with what its replacement must have otherwise in single occurrences: a policy decides for them as for the series, so what it decides of both
 * alike is no longer their own. The same series where none has settings of its own.
 */
function underPolicy(legacy: MeetingSnapshot, policy: ReplacementPolicy): MeetingSnapshot {
  if (!(legacy.changes ?? []).some(({ held }) => held?.options)) return legacy;
  const ofSeries = intendedOptions(legacy, policy);
  const changes = (legacy.changes ?? []).map(({ original, held }): OccurrenceChange => {
    if (!held?.options) return { original, held };
    const { options: _before, ...others } = held;
    const options = ownOf(ofSeries, intendedOptions(asOccurrence(legacy, held), policy));
    return { original, held: Object.keys(options).length > 0 ? { ...others, options } : others };
  });
  return { ...legacy, changes: genuine(changes, legacy, legacy.invitees) };
}

function ownOf(ofSeries: Settings, whole: Settings): Settings {
  const differ = settingsThatDiffer(ofSeries, whole);
  const names = new Set([...differ, ...together.filter((group) => group.some((name) => differ.includes(name))).flat()]);
  const isOff = (name: string): boolean => name === 'liveStream' && whole['enabledLiveStream'] !== true;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.has(name) && !isOff(name)));
}

/** As PATCH takes them: each as a whole, since of members that are left out the document does not say what becomes of them. */
export function settingsBody(options: Settings = {}): Settings {
  const { trackingCodes, ...rest } = options;
  if (trackingCodes === undefined) return rest;
  const codes = asList(trackingCodes);
  return { ...rest, trackingCodes: Array.isArray(codes) && codes.length === 0 ? null : codes };
}

/** What an occurrence had otherwise and has not any more, as its series has it now. */
export function givenBack(before: Settings = {}, ofSeries: Settings): Settings {
  const value = (name: string): unknown => ofSeries[name] ?? (name === 'trackingCodes' ? {} : before[name] === true ? false : undefined);
  return Object.fromEntries(Object.keys(before).flatMap((name) => (value(name) === undefined ? [] : [[name, value(name)]])));
}
