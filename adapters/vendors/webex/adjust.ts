import { canonical } from '../../../domain/canonical.js';
import { changesLeft, keyOfChange, keysOf } from '../../../domain/changes.js';
import { isRetimed } from '../../../domain/edits.js';
import { RelinkFailure, type FailureType } from '../../../domain/failures.js';
import type { ChangedOccurrence, MeetingRef, MeetingSnapshot, OccurrenceChange, ReplacementPolicy } from '../../../domain/meeting.js';
import { partsThatDiffer } from '../../../domain/parts.js';
import type { Adjustment, Written } from '../../../domain/ports.js';
import { ensureChange, ensurePeople, inOrder } from './carry-over.js';
import type { WebexClient } from './client.js';
import { intendedOptions, toCreation } from './map.js';
import { givenBack } from './occurrence-settings.js';
import { replan } from './replan.js';

/** The vendor does not want this edit: a human has to look. */
const refusals: readonly FailureType[] = ['VendorRefused', 'MeetingGone', 'UnsupportedMeeting'];

/**
 * Changes a replacement as the organiser changed the old meeting, silently. Safe to repeat; whether it is as it must be then, the caller reads back.
 * Other times for a series end what was changed of its single occurrences, by the vendor's document, in the old one as in the new one.
 */
export async function adjust(client: WebexClient, ref: MeetingRef, edit: Adjustment): Promise<Written | 'impossible'> {
  const { before, after } = edit;
  if (before.kind !== after.kind && (isRoomLike(before) || isRoomLike(after))) return 'impossible';
  if (partsThatDiffer(before.parts, after.parts).length > 0) return 'impossible';
  try {
    return await write(client, ref, edit);
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && refusals.includes(cause.type)) return 'impossible';
    throw cause;
  }
}

/** Only a meeting may become a series, and a series a meeting. */
const isRoomLike = ({ kind }: MeetingSnapshot): boolean => kind !== 'single' && kind !== 'series';

async function write(client: WebexClient, ref: MeetingRef, edit: Adjustment): Promise<Written> {
  const { before, after, lastLook } = edit;
  const now = Date.now();
  let written: Written = {};
  const body = patchOf(edit, now);
  if (body) written = { trackingId: (await client.change(ref.id, body)).trackingId };
  if (keysOf(before.invitees).join('\n') !== keysOf(after.invitees).join('\n')) written = { ...written, ...(await ensurePeople(client, ref, before.invitees, after.invitees)) };
  for (const { change, was } of changed(edit, now)) {
    await lastLook?.();
    written = { ...written, ...(await ensureChange(client, ref, after, change, was)) };
  }
  return written;
}

/** Single occurrences that are not as they were, and how they were: also those that are as their series again. */
function changed({ before, after, policy }: Adjustment, now: number): readonly { readonly change: OccurrenceChange; readonly was: ChangedOccurrence | undefined }[] {
  const known = new Map(isRetimed(before, after) ? [] : changesLeft(before, now).map((change) => [change.original, change]));
  const left = changesLeft(after, now);
  const again = [...known.values()].filter(({ original, held }) => held && left.every((change) => change.original !== original)).map(({ original }) => ({ original, held: asSeries(after, original) }));
  const ofSeries = intendedOptions(after, policy);
  const others = [...left, ...again].filter((change) => Date.parse(change.held?.start ?? change.original) > now && keyOfChange(change) !== keyOf(known.get(change.original)));
  return inOrder(others.toSorted((a, b) => (a.original < b.original ? -1 : 1))).map(({ original, held }) => {
    const was = known.get(original)?.held;
    const options = { ...givenBack(was?.options, ofSeries), ...held?.options };
    const parts = held?.parts ?? (was?.parts ? (after.parts ?? {}) : undefined);
    return { change: { original, held: held && { ...held, options, parts } }, was };
  });
}

const keyOf = (change: OccurrenceChange | undefined): string => (change ? keyOfChange(change) : '');

function asSeries({ start, end, title, agenda, invitees }: MeetingSnapshot, original: string): ChangedOccurrence {
  return { start: original, end: new Date(Date.parse(original) + Date.parse(end) - Date.parse(start)).toISOString(), title, agenda, invitees };
}

/** Of no request by which a meeting is changed. */
const notChanged: readonly string[] = ['invitees', 'integrationTags', 'scheduledType', 'siteUrl', 'registration', 'breakoutSessions', 'enabledBreakoutSessions', 'simultaneousInterpretation'];
const times: readonly string[] = ['start', 'end', 'timezone', 'recurrence'];

/** What the creation of a replacement says now, and did not say then. Nothing when that is nothing. */
function patchOf({ before, after, policy }: Adjustment, now: number): object | undefined {
  const [was, is] = [bodyOf(before, policy, now), bodyOf(after, policy, now)];
  const retimed = isRetimed(before, after);
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !notChanged.includes(name));
  const changed = names.filter((name) => (times.includes(name) ? retimed : canonical(was[name]) !== canonical(is[name])));
  const clearable = ['agenda', 'recurrence', 'trackingCodes'];
  const body = Object.fromEntries(changed.flatMap((name) => (is[name] !== undefined && !isEmpty(is[name]) ? [[name, is[name]]] : clearable.includes(name) ? [[name, null]] : was[name] === true ? [[name, false]] : [])));
  return Object.keys(body).length > 0 ? { ...body, hostEmail: after.identity.hostEmail, sendEmail: false } : undefined;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** What was to be held may be over by now: then its own times say as much. */
function bodyOf(meeting: MeetingSnapshot, policy: ReplacementPolicy, now: number): Readonly<Record<string, unknown>> {
  const plan = replan(meeting, now);
  return toCreation(meeting, policy, '', typeof plan === 'string' ? { first: meeting, recurrence: meeting.recurrence } : plan) as Readonly<Record<string, unknown>>;
}
