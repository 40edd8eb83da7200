import type { Invitee as DomainInvitee, MeetingIdentity, MeetingKind, MeetingSnapshot, Occurrence, RefusalReason, ReplacementPolicy, Window } from '../../../domain/meeting.js';
import { OF_CHANGES } from '../../../domain/occurrence-settings.js';
import { isObject, settingsThatDiffer } from '../../../domain/settings.js';
import { isReplacementTag } from '../../../domain/tags.js';
import { hasFrame } from './frame.js';
import { INVITEES_INLINE } from './invitees.js';
import { bodyOfParts, lostInParts, namedParts } from './parts/index.js';
import { hasRulesOfItsOwn } from './parts/registration.js';
import { hasIdleInterpreters } from './parts/simultaneous-interpretation.js';
import { askedFor } from './policy.js';
import { isTooLong, occurrencesIn, ruleOf, zonedTime } from './recurrence.js';
import { mayLast, type Replan } from './replan.js';
import { LiveStream, type Meeting, type Occurrence as Shown } from './schema.js';
import { asList, byName, planCodes, planOwnCodes } from './tracking-codes.js';
import { lostInWebinar, settableIn, webinarBody } from './webinar.js';

/** Settings that POST /meetings takes and GET /meetings/{id} shows. */
const copied = [
  'enabledAutoRecordMeeting', 'allowAnyUserToBeCoHost', 'allowFirstUserToBeCoHost', 'enabledJoinBeforeHost', 'enableConnectAudioBeforeHost',
  'joinBeforeHostMinutes', 'excludePassword', 'publicMeeting', 'reminderTime', 'unlockedMeetingJoinSecurity', 'sessionTypeId', 'enableAutomaticLock',
  'automaticLockMinutes', 'allowAuthenticatedDevices', 'meetingOptions', 'attendeePrivileges', 'trackingCodes', 'enabledAudioWatermark',
  'enabledVisualWatermark', 'visualWatermarkOpacity', 'audioConnectionOptions', 'requireAttendeeLogin', 'restrictToInvitees', 'enabledWebcastView',
  'enabledLiveStream', 'liveStream',
] as const;

const streams: readonly string[] = ['enabledLiveStream', 'liveStream'];
/** Of a stream that is off nothing is kept: what is left of one is nobody's. */
const isKept = (meeting: Meeting, name: (typeof copied)[number]): boolean => meeting[name] !== undefined && (meeting['enabledLiveStream'] === true || !streams.includes(name));

export const toIdentity = (meeting: Meeting): MeetingIdentity => ({
  vendor: 'webex',
  site: meeting.siteUrl,
  id: meeting.id,
  hostEmail: meeting.hostEmail,
  number: meeting.meetingNumber,
  link: meeting.webLink,
  sipAddress: meeting.sipAddress,
  accessCode: meeting.telephony?.accessCode,
  timezone: meeting.timezone,
});

export function kindOf(meeting: Meeting): MeetingKind {
  if (meeting.scheduledType === 'webinar') return 'webinar';
  if (meeting.scheduledType === 'personalRoomMeeting') return 'personal-room';
  if (meeting.roomId) return 'space';
  return meeting.recurrence ? 'series' : 'single';
}

/** Why this meeting cannot be replaced without loss. */
export function refusalOf(meeting: Meeting): RefusalReason | undefined {
  if (meeting.scheduledType === 'personalRoomMeeting') return 'PersonalRoom';
  if (meeting.roomId) return 'SpaceMeeting';
  if (meeting.scheduledType === 'webinar' && meeting['sessionTypeId'] === undefined) return 'Webinar';
  if (meeting['registration'] !== undefined && (meeting.recurrence !== undefined || hasRulesOfItsOwn(meeting))) return 'Registration';
  if (hasIdleInterpreters(meeting)) return 'Interpretation';
  if (isUnreadableStream(meeting)) return 'LiveStream';
  if (hasFrame(meeting.agenda)) return 'CalendarManaged';
  // While it is held a meeting shows what happens in it.
  return isRunning(meeting) || mayLast(meeting) ? undefined : 'Length';
}

/** As it says itself, whatever else of it can be read. */
export const isRunning = (meeting: unknown): boolean => (meeting as { readonly state?: unknown } | null)?.state === 'inProgress';

/** Occurrences that are not over, from the definition of the meeting; `undefined` when its rule cannot be read, or goes on for longer than that of a new one may. */
export function occurrencesOf(meeting: Meeting, window: Window): readonly Occurrence[] | undefined {
  const own = { start: new Date(meeting.start).toISOString(), end: new Date(meeting.end).toISOString() };
  if (!meeting.recurrence) return own.end > window.from && own.start < window.to ? [own] : [];
  try {
    const rule = ruleOf(meeting, meeting.recurrence);
    const computed = occurrencesIn(rule, window);
    return isTooLong(rule, computed, window) ? undefined : computed;
  } catch {
    return undefined;
  }
}

export const optionsOf = (meeting: Meeting): MeetingSnapshot['options'] =>
  Object.fromEntries(copied.filter((name) => isKept(meeting, name)).map((name) => [name, name === 'trackingCodes' ? byName(meeting[name]) : meeting[name]]));

/** Settings that hold others: an answer that leaves one of those out says nothing of it. */
const holders = ['meetingOptions', 'attendeePrivileges', 'audioConnectionOptions'] as const;

/**
 * What one occurrence has otherwise than its series, each setting as a whole; what its answer leaves out is as the series says.
 * `unrepeatable` when no request can name it.
 */
export function ownOptions(series: Meeting, own: Shown): MeetingSnapshot['options'] | 'unrepeatable' {
  const held = Object.fromEntries(holders.flatMap((name) => (isObject(series[name]) && isObject(own[name]) ? [[name, { ...series[name], ...own[name] }]] : [])));
  const whole = { ...series, ...own, ...held, id: series.id, meetingNumber: series.meetingNumber, title: series.title, webLink: series.webLink };
  if (isUnreadableStream(whole)) return 'unrepeatable';
  const [ofSeries, ofOwn] = [optionsOf(series), optionsOf(whole)];
  const isOver = (name: string): boolean => !Object.hasOwn(ofOwn, name); // of a stream that is off nothing is kept
  return Object.fromEntries(settingsThatDiffer(ofSeries, ofOwn).flatMap((name) => (!isOver(name) ? [[name, ofOwn[name]]] : ofSeries[name] === true ? [[name, false]] : [])));
}

const isUnreadableStream = (meeting: Meeting): boolean => meeting['enabledLiveStream'] === true && !LiveStream.safeParse(meeting['liveStream']).success;

type Read = Pick<MeetingSnapshot, 'occurrences' | 'changes' | 'parts' | 'alsoReachedBy'>;

export function toSnapshot(meeting: Meeting, invitees: readonly DomainInvitee[], { occurrences, changes, parts, alsoReachedBy = [] }: Read, refusal: RefusalReason | undefined): MeetingSnapshot {
  const reached = [...(meeting.registerLink === undefined ? [] : [meeting.registerLink]), ...(meeting.telephony?.callInNumbers ?? []).map(({ callInNumber }) => callInNumber), ...alsoReachedBy];
  return {
    identity: toIdentity(meeting),
    kind: kindOf(meeting),
    hostName: meeting.hostDisplayName ?? '',
    title: meeting.title,
    agenda: meeting.agenda,
    timezone: meeting.timezone,
    start: new Date(meeting.start).toISOString(),
    end: new Date(meeting.end).toISOString(),
    recurrence: meeting.recurrence,
    occurrences,
    changes,
    options: optionsOf(meeting),
    invitees,
    parts,
    named: namedParts(meeting),
    tags: meeting.integrationTags,
    refusal,
    ...(isRunning(meeting) ? { running: true } : {}),
    password: meeting.password,
    phonePassword: meeting.phoneAndVideoSystemPassword,
    panelistPassword: meeting.panelistPassword,
    phonePanelistPassword: meeting.phoneAndVideoSystemPanelistPassword,
    ...(reached.length > 0 ? { alsoReachedBy: reached } : {}),
  };
}

export function intendedOptions(legacy: MeetingSnapshot, policy: ReplacementPolicy): Readonly<Record<string, unknown>> {
  const { joinBeforeHost } = policy;
  const { joinBeforeHostMinutes, trackingCodes: _asBefore, ...rest } = settableIn(legacy);
  const { codes } = planCodes(legacy, policy);
  const kept = joinBeforeHost && joinBeforeHostMinutes !== undefined ? { ...rest, joinBeforeHostMinutes } : rest;
  return { enabledLiveStream: false, ...kept, ...(codes === undefined ? {} : { trackingCodes: codes }), ...askedFor(legacy, policy) };
}

/** Fields of which a replacement has less than the legacy meeting had, or another; for the organiser. */
export function lostIn(legacy: MeetingSnapshot, policy: ReplacementPolicy): readonly string[] {
  const tooMany = legacy.tags.filter((own) => !isReplacementTag(own)).length >= MOST_TAGS;
  // An occurrence that is changed gets a number and a link of its own, which the link of the series does not replace.
  const hasOwnLinks = (legacy.changes ?? []).some(({ held }) => held !== undefined);
  return ['hostKey', ...(tooMany ? ['tags'] : []), ...(hasOwnLinks ? ['occurrenceLinks'] : []), ...planCodes(legacy, policy).lost, ...planOwnCodes(legacy, legacy.changes, policy).lost.map((field) => `${OF_CHANGES}${field}`), ...lostInParts(legacy), ...lostInWebinar(legacy)];
}

const MOST_TAGS = 3;

/**
 * The body of POST /meetings. It names no passcode: the vendor's document says that then it makes one that conforms to the rules of the site, so nobody
 * need read those, for which an administrator of the site is needed. That none is an old one, the comparison sees to.
 */
export function toCreation(legacy: MeetingSnapshot, policy: ReplacementPolicy, tag: string, { first, recurrence }: Replan): object {
  const { trackingCodes, enabledLiveStream, ...options } = intendedOptions(legacy, policy);
  return {
    ...options,
    ...(enabledLiveStream === true ? { enabledLiveStream } : {}),
    ...(trackingCodes === undefined ? {} : { trackingCodes: asList(trackingCodes) }),
    ...webinarBody(legacy),
    ...bodyOfParts(legacy),
    title: legacy.title,
    ...(legacy.agenda ? { agenda: legacy.agenda } : {}),
    start: zonedTime(Date.parse(first.start), legacy.timezone),
    end: zonedTime(Date.parse(first.end), legacy.timezone),
    timezone: legacy.timezone,
    ...(recurrence ? { recurrence } : {}),
    hostEmail: legacy.identity.hostEmail,
    siteUrl: legacy.identity.site,
    sendEmail: false,
    integrationTags: [...legacy.tags.filter((own) => !isReplacementTag(own)).slice(0, MOST_TAGS - 1), tag],
    invitees: legacy.invitees.slice(0, INVITEES_INLINE).map(({ email, displayName, coHost, panelist }) => ({ email, ...(displayName ? { displayName } : {}), coHost, panelist })),
  };
}
