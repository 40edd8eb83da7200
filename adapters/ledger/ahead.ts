import { sql, type RawBuilder } from 'kysely';
import type { Ahead } from '../../domain/announcements.js';

const span = (ms: number): RawBuilder<unknown> => sql`make_interval(secs => ${ms / 1000})`;

/**
 * By when a meeting must be taken to be off its old link in time: where the end of its grace would be at the latest.
 * Of a row of `item`; null when it has no start.
 */
const takenBy = ({ startGuardMs }: Ahead) => sql`(item.starts_at - ${span(1.5 * startGuardMs)})`;

/** How long the mail server may take: what is told ahead is not overtaken by its start while the mail is on its way. Milliseconds. */
const DELIVERY_MS = 120_000;

/** A row of `item` that is left alone until its organiser has been told, and so is to be told of. Whoever left can be told nothing, and is not waited for. */
export const isToTell = (ahead: Ahead) => sql`item.state = 'waiting' and item.claim is null and item.wave is not null and not item.departed
  and coalesce(${takenBy(ahead)} > now() + ${span(ahead.announceMs + DELIVERY_MS)}, true)`;

/**
 * Until when a row of `item` is left alone; null when it may be taken. After its announcement that is as long as the letter said. Before it,
 * until somebody could have objected if the letter went out now, or until that would be too late. The link is the greater harm:
 * a meeting that would start on it before that is not held up.
 */
export const heldUntil = (ahead: Ahead | undefined): RawBuilder<unknown> =>
  ahead === undefined ? sql`null::timestamptz` : sql`(select ${held(ahead)} from (select max(until) as until from ${toldOf(sql`item.campaign`)} where told.meeting = item.meeting) as told)`;

/** The same when all letters go out now, for forecasts. */
export const foreseenUntil = (ahead: Ahead | undefined): RawBuilder<unknown> =>
  ahead === undefined
    ? sql`null::timestamptz`
    : sql`(select ${held(ahead, sql`now() + ${span(ahead.announceMs)}`)} from (select max(until) as until from ${toldOf(sql`item.campaign`)} where told.meeting = item.meeting) as told)`;

/** Of a row of `item` beside what was `told` of it, which may be nothing. */
export const held = (ahead: Ahead, untold = sql`least(now() + ${span(ahead.announceMs)}, ${takenBy(ahead)} - ${span(ahead.announceMs)})`): RawBuilder<unknown> =>
  sql`case when item.departed or ${takenBy(ahead)} <= coalesce(told.until, now() + ${span(ahead.announceMs)}) or told.until <= now() then null else coalesce(told.until, ${untold}) end`;

/** Meetings whose announcement is out, or was refused. */
export const toldOf = (campaign: unknown) => sql`(select announcement.meeting, digest.until from announcement join digest on digest.id = announcement.digest
  where announcement.campaign = ${campaign} and digest.state <> 'assigned') as told`;

export const fromNow = ({ announceMs }: Ahead) => sql`clock_timestamp() + ${span(announceMs)}`;
