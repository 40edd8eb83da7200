import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import type { Digest, ItemRef, NoticeBook } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';
import type { EditedThing } from '../../domain/edits.js';
import type { NoticeKind } from '../../domain/ports.js';
import type { Keyring } from '../seal/index.js';
import { base32 } from '../seal/base32.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';
import { replacementPlace } from './items.js';
import { isKnownIn, toldIn } from './told.js';

/** What a notice says, sealed when it is queued: the correction needs it after the replacement is gone. */
interface NoticeBody {
  readonly snapshot: MeetingSnapshot;
  readonly replacement: MeetingIdentity;
  readonly graceEndsAt: string;
  readonly lost: readonly string[];
  readonly edited?: readonly EditedThing[] | undefined;
  /** Its host left, and who is told has it since. */
  readonly inherited?: boolean;
}

interface Queued extends Pick<NoticeBody, 'snapshot' | 'lost' | 'edited'> {
  readonly kind: NoticeKind;
}

const bodyPlace = ({ campaign, meeting }: ItemRef, replacement: string): string => `notice.body.${campaign}.${meeting}.${replacement}`;

export function createNotices(store: Store, readSnapshot: (ref: ItemRef) => Promise<{ readonly snapshot: MeetingSnapshot }>): NoticeBook {
  const { db, keyring } = store;
  return {
    async queue(ref, kind, lost) {
      const { snapshot } = await readSnapshot(ref);
      await queueIn(db, keyring, ref, { kind, snapshot, lost });
    },
    retract: ({ campaign, meeting }) =>
      db.transaction().execute(async (tx) => {
        await lockDigests(tx, campaign);
        await rows(tx, sql`update notice set state = 'cancelled' where campaign = ${campaign} and meeting = ${meeting} and kind in ('replaced', 'changed', 'question') and state = 'queued'`);
        await rows(
          tx,
          sql`insert into notice (campaign, meeting, host, kind, replacement, body)
            select campaign, meeting, host, 'correction', replacement, body from notice
            where campaign = ${campaign} and meeting = ${meeting} and kind = 'replaced' and state in ('assigned', 'sent') on conflict do nothing`,
        );
      }),
    assign: (campaign, only) =>
      db.transaction().execute(async (tx) => {
        await lockDigests(tx, campaign);
        await dropNeedlessCorrections(tx, campaign);
        for (const group of await due(tx, campaign, only)) await assign(tx, campaign, group);
        return unsent(tx, campaign, only);
      }),
    unsent: (campaign) => unsent(db, campaign),
    alone: (digest, deliver) =>
      store.pivotDb.transaction().execute(async (tx) => {
        await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`digest ${digest}`}, 0))`);
        return deliver();
      }),
    open: (digest) => openDigest(db, keyring, digest),
    sent: async (digest, told = []) => void (await close(db, digest, 'sent', told)),
    bounced: (digest) => close(db, digest, 'bounced'),
    told: (ref) => toldIn(db, ref),
    isKnown: (ref) => isKnownIn(db, ref),
    async pending(campaign) {
      const found = await row<{ count: number }>(db, sql`select count(*)::integer as count from notice where campaign = ${campaign} and state in ('queued', 'assigned') and not ${isNeverDue}`);
      return found?.count ?? 0;
    },
  };
}

/** Once each, but for edits, of which each has a notice of its own. */
export async function queueIn(db: Db, keyring: Keyring, ref: ItemRef, { kind, snapshot, lost, edited }: Queued): Promise<void> {
  const item = await replacedItem(db, keyring, ref);
  const body: NoticeBody = { snapshot, replacement: item.replacement, graceEndsAt: item.graceEndsAt, lost, edited, ...(item.departed ? { inherited: true } : {}) };
  const sealed = keyring.seal(JSON.stringify(body), bodyPlace(ref, item.key));
  const earlier = sql`select count(*)::integer from notice where campaign = ${ref.campaign} and meeting = ${ref.meeting} and kind = 'changed' and replacement = ${item.key}`;
  await rows(
    db,
    sql`insert into notice (campaign, meeting, host, kind, replacement, body, edition)
      values (${ref.campaign}, ${ref.meeting}, ${item.host}, ${kind}, ${item.key}, ${sealed}, ${kind === 'changed' ? sql`(${earlier})` : sql`0`}) on conflict do nothing`,
  );
}

/** One at a time puts digests together: two workers must not put a notice into two mails. */
const lockDigests = (tx: Db, campaign: string) => rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`digests ${campaign}`}, 0))`);

async function replacedItem(db: Db, keyring: Keyring, ref: ItemRef) {
  const item = await row<{ host: string; departed: boolean; replacement: Buffer | null; replacement_key: string; grace_ends_at: Date | null }>(
    db,
    sql`select host, departed, replacement, replacement_key, grace_ends_at from item where campaign = ${ref.campaign} and meeting = ${ref.meeting}`,
  );
  const graceEndsAt = instant(item?.grace_ends_at ?? null);
  if (!item?.replacement || graceEndsAt === null) throw new RelinkFailure('InvalidInput', 'there is no verified replacement to tell of');
  const replacement = JSON.parse(keyring.open(item.replacement, replacementPlace(ref))) as MeetingIdentity;
  return { host: item.host, departed: item.departed, key: item.replacement_key, replacement, graceEndsAt };
}

/** Nothing needs correcting when the notice itself never arrived. */
const dropNeedlessCorrections = (tx: Db, campaign: string) =>
  rows(
    tx,
    sql`update notice set state = 'dropped' where campaign = ${campaign} and kind = 'correction' and state = 'queued'
      and exists (select from notice told where told.campaign = notice.campaign and told.meeting = notice.meeting and told.kind = 'replaced'
        and told.replacement = notice.replacement and told.state in ('bounced', 'cancelled'))`,
  );

/** What it would correct is still so. */
const stands = sql`exists (select from item where item.campaign = notice.campaign and item.meeting = notice.meeting and item.replacement_key = notice.replacement)`;

/** A correction whose replacement stays: its undo did not succeed, or the old meeting is gone. If another attempt removes it after all, it is due. */
export const isNeverDue = sql`(notice.kind = 'correction' and notice.state = 'queued' and exists (select from item
  where item.campaign = notice.campaign and item.meeting = notice.meeting and item.replacement_key = notice.replacement
    and (item.retired_at is not null or item.state = 'gone' or (item.state = 'held' and item.failure in ('UndoFailed', 'LegacyDeleted')))))`;

interface Group {
  readonly kind: NoticeKind;
  readonly host: string;
  readonly ids: readonly string[];
}

/** Queued notices, one group per organiser and kind. Of what is about to be put back with the whole campaign nobody is told first. A correction waits for the mail it corrects, for the end of what it corrects, and for its organiser's other meetings. */
const due = (tx: Db, campaign: string, only: ItemRef | undefined): Promise<readonly Group[]> =>
  rows<Group>(
    tx,
    sql`select notice.kind, notice.host, array_agg(notice.id::text order by notice.id) as ids
      from notice join campaign_state on name = notice.campaign
      where notice.campaign = ${campaign} and notice.state = 'queued' and (${only?.meeting ?? null}::text is null or notice.meeting = ${only?.meeting ?? null})
        and not (notice.kind in ('replaced', 'changed') and "order" = 'rollback' and exists (
          select from item where item.campaign = notice.campaign and item.meeting = notice.meeting and item.state in ('running', 'replaced')))
        and (notice.kind <> 'correction' or (
          exists (select from notice told where told.campaign = notice.campaign and told.meeting = notice.meeting and told.kind = 'replaced'
            and told.replacement = notice.replacement and told.state = 'sent')
          and not ${stands}
          and not ("order" = 'rollback' and exists (
            select from item where item.campaign = notice.campaign and item.host = notice.host and item.state in ('running', 'replaced')))))
      group by notice.kind, notice.host`,
  );

/** The id follows from what the digest holds, so the Message-ID does too. */
async function assign(tx: Db, campaign: string, { kind, host, ids }: Group): Promise<void> {
  const id = base32(createHash('sha256').update([campaign, kind, ...ids].join('\u0000')).digest()).slice(0, 32);
  await rows(tx, sql`insert into digest (id, campaign, kind, host) values (${id}, ${campaign}, ${kind}, ${host}) on conflict do nothing`);
  await rows(tx, sql`update notice set state = 'assigned', digest = ${id} where id = any(${list(ids)}::bigint[])`);
}

async function unsent(db: Db, campaign: string, only?: ItemRef): Promise<readonly string[]> {
  const open = await rows<{ id: string }>(
    db,
    sql`select id from digest where campaign = ${campaign} and kind <> 'announced' and state = 'assigned'
      and (${only?.meeting ?? null}::text is null or exists (select from notice where notice.digest = digest.id and notice.meeting = ${only?.meeting ?? null})) order by at, id`,
  );
  return open.map(({ id }) => id);
}

async function openDigest(db: Db, keyring: Keyring, id: string): Promise<Digest | undefined> {
  const found = await rows<{ campaign: string; kind: NoticeKind; meeting: string; replacement: string; body: Buffer; starts_at: Date | null }>(
    db,
    sql`select notice.campaign, notice.kind, notice.meeting, notice.replacement, notice.body, item.starts_at
      from digest join notice on notice.digest = digest.id join item on item.campaign = notice.campaign and item.meeting = notice.meeting
      where digest.id = ${id} and digest.state = 'assigned' order by item.starts_at nulls last, notice.id`,
  );
  const [first] = found;
  if (!first) return undefined;
  const entries = found.map(({ campaign, meeting, replacement, body, starts_at }) => ({
    meeting,
    startsAt: instant(starts_at),
    ...(JSON.parse(keyring.open(body, bodyPlace({ campaign, meeting }, replacement))) as NoticeBody),
  }));
  const host = entries[0]?.snapshot;
  return { id, kind: first.kind, campaign: first.campaign, to: { email: host?.identity.hostEmail ?? '', name: host?.hostName ?? '' }, entries };
}

/** The first outcome stays: what one attempt got through, a belated second one cannot unsend. Repeated, the answer is the same. */
const close = (db: Db, digest: string, state: 'sent' | 'bounced', told: Told = []): Promise<readonly ItemRef[]> =>
  db.transaction().execute(async (tx) => {
    const closed = await rows(tx, sql`update digest set state = ${state} where id = ${digest} and state in ('assigned', ${state}) returning id`);
    if (closed.length === 0) return [];
    if (told.length > 0) await prolongGrace(tx, digest, told);
    return rows<ItemRef>(tx, sql`update notice set state = ${state} where digest = ${digest} returning campaign, meeting`);
  });

type Told = NonNullable<Parameters<NoticeBook['sent']>[1]>;

/** Of the replacements that the digest tells of, in grace alone: never shorter than it was. */
const prolongGrace = (tx: Db, digest: string, told: Told) =>
  rows(
    tx,
    sql`update item set grace_ends_at = greatest(item.grace_ends_at, told.ends_at)
      from notice join unnest(${list(told.map(({ meeting }) => meeting))}, ${list(told.map(({ graceEndsAt }) => graceEndsAt))}::timestamptz[]) as told (meeting, ends_at) using (meeting)
      where notice.digest = ${digest} and item.campaign = notice.campaign and item.meeting = notice.meeting and item.replacement_key = notice.replacement and item.state = 'replaced'`,
  );
