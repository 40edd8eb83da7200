import { sql } from 'kysely';
import { canonical } from '../../domain/canonical.js';
import { RelinkFailure, type FailureType } from '../../domain/failures.js';
import type { CampaignBook, ItemBook, ItemRecord, ItemRef } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingKind, MeetingSnapshot } from '../../domain/meeting.js';
import { keyOfPart } from '../../domain/parts.js';
import type { Selection } from '../../domain/selection.js';
import type { State, StepEvent, StepName } from '../../domain/states.js';
import type { Keyring } from '../seal/index.js';
import { createClaims } from './claims.js';
import { createCreations } from './creations.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';
import { createFidelity } from './fidelity.js';
import { hostKey, replacementKey } from './keys.js';
import { moveIn } from './moves.js';
import { createPivot } from './pivot.js';

interface ItemRow {
  readonly state: State;
  readonly wave: number | null;
  readonly lane: string;
  readonly kind: MeetingKind;
  readonly departed: boolean;
  readonly identity: Buffer;
  readonly replacement: Buffer | null;
  readonly starts_at: Date | null;
  readonly failure: FailureType | null;
  readonly verified_at: Date | null;
  readonly grace_ends_at: Date | null;
  readonly retired_at: Date | null;
}

export const identityPlace = (meeting: string): string => `item.identity.${meeting}`;
export const replacementPlace = ({ campaign, meeting }: ItemRef): string => `item.replacement.${campaign}.${meeting}`;
const snapshotPlace = ({ campaign, meeting }: ItemRef): string => `snapshot.body.${campaign}.${meeting}`;

export function createItems(store: Store, campaigns: CampaignBook): ItemBook {
  const { db, keyring } = store;
  return {
    ...createClaims(store, campaigns),
    ...createCreations(store),
    ...createPivot(store),
    ...createSnapshots(store),
    ...createFidelity(store),
    async get(ref) {
      const found = await row<ItemRow>(db, sql`select * from item where campaign = ${ref.campaign} and meeting = ${ref.meeting}`);
      if (!found) throw new RelinkFailure('InvalidInput', `the campaign ${ref.campaign} has no such meeting`);
      return toRecord(keyring, ref, found);
    },
    move: (ref, to, facts) => db.transaction().execute((tx) => moveIn(tx, ref, to, facts)),
    giveTo: (ref, hostEmail) => db.transaction().execute((tx) => giveTo(tx, keyring, ref, hostEmail)),
    async saveReplacement(ref, replacement) {
      const sealed = keyring.seal(JSON.stringify(replacement), replacementPlace(ref));
      const key = replacementKey(keyring, replacement);
      await db.transaction().execute(async (tx) => {
        await rows(tx, sql`insert into replacement (key, campaign, meeting) values (${key}, ${ref.campaign}, ${ref.meeting}) on conflict do nothing`);
        await rows(tx, sql`update item set replacement = ${sealed}, replacement_key = ${key} where campaign = ${ref.campaign} and meeting = ${ref.meeting}`);
      });
    },
    async clearReplacement({ campaign, meeting }) {
      await rows(db, sql`update item set replacement = null, replacement_key = null, verified_at = null, fidelity = null where campaign = ${campaign} and meeting = ${meeting}`);
    },
    async recordStep({ campaign, meeting }, { step, state, attempt, trackingId, failure, code = null, note }) {
      await rows(
        db,
        sql`insert into step_event (campaign, meeting, step, state, attempt, tracking_id, failure, code, note)
        values (${campaign}, ${meeting}, ${step}, ${state}, ${attempt}, ${trackingId}, ${failure}, ${code}, ${note})`,
      );
    },
    stepEvents: ({ campaign, meeting }) => stepEventsOf(db, campaign, [meeting]).then((events) => events.get(meeting) ?? []),
    async setStart({ campaign, meeting }, start) {
      await rows(db, sql`update item set starts_at = ${start} where campaign = ${campaign} and meeting = ${meeting}`);
    },
    async countExposedStart({ campaign, meeting }) {
      await rows(db, sql`update item set exposed = exposed + 1 where campaign = ${campaign} and meeting = ${meeting}`);
    },
    async hasCompanions({ campaign, meeting }, withinMs) {
      const found = await row(
        db,
        sql`select from item own join item other using (campaign, host) where own.campaign = ${campaign} and own.meeting = ${meeting}
          and other.meeting <> own.meeting and other.state = 'replaced' and other.grace_ends_at <= now() + ${withinMs} * interval '1 millisecond' limit 1`,
      );
      return found !== undefined;
    },
    select: (campaign, selection) =>
      rows(db, sql`select meeting, state, lane, wave, failure, ${codeOfFailure} as code, retired_at is not null as "isPastPivot" from item where ${matches(campaign, selection)} order by starts_at nulls last, meeting`),
  };
}

/** The status on which a row of `item` failed; of an undo that did not succeed, that of the undo. */
const codeOfFailure = sql`case when failure is not null then (
    select event.code from step_event as event where event.campaign = item.campaign and event.meeting = item.meeting and event.state = 'failed'
      and (event.failure = item.failure or item.failure = 'UndoFailed') order by event.id desc limit 1) end`;

/** The one place that says what a selection selects. */
export const matches = (campaign: string, { meetings, states, failure, hosts, wave }: Selection) => sql`campaign = ${campaign}
  and (${list(meetings)} is null or meeting = any(${list(meetings)}))
  and (${list(states)} is null or state = any(${list(states)}))
  and (${list(hosts)} is null or host = any(${list(hosts)}))
  and (${failure ?? null}::text is null or failure = ${failure ?? null})
  and (${wave ?? null}::integer is null or wave = ${wave ?? null})`;

function toRecord(keyring: Keyring, ref: ItemRef, found: ItemRow): ItemRecord {
  const { state, wave, lane, kind, departed, failure } = found;
  return {
    state,
    wave,
    lane,
    kind,
    departed,
    failure,
    legacy: JSON.parse(keyring.open(found.identity, identityPlace(ref.meeting))) as MeetingIdentity,
    replacement: found.replacement && (JSON.parse(keyring.open(found.replacement, replacementPlace(ref))) as MeetingIdentity),
    startsAt: instant(found.starts_at),
    verifiedAt: instant(found.verified_at),
    graceEndsAt: instant(found.grace_ends_at),
    retiredAt: instant(found.retired_at),
  };
}

const fingerprintOf = (keyring: Keyring, snapshot: MeetingSnapshot): string => keyring.index('fingerprint', canonical(defining(snapshot)));

/** In the caller's transaction. */
export async function saveSnapshotIn(tx: Db, keyring: Keyring, ref: ItemRef, snapshot: MeetingSnapshot, startsAt: string | null): Promise<void> {
  const { campaign, meeting } = ref;
  const body = keyring.seal(JSON.stringify(snapshot), snapshotPlace(ref));
  await rows(
    tx,
    sql`insert into snapshot (campaign, meeting, body, fingerprint) values (${campaign}, ${meeting}, ${body}, ${fingerprintOf(keyring, snapshot)})
    on conflict (campaign, meeting) do update set body = excluded.body, fingerprint = excluded.fingerprint`,
  );
  const identity = keyring.seal(JSON.stringify(snapshot.identity), identityPlace(meeting));
  await rows(tx, sql`update item set identity = ${identity}, starts_at = ${startsAt}, kind = ${snapshot.kind} where campaign = ${campaign} and meeting = ${meeting}`);
}

async function giveTo(tx: Db, keyring: Keyring, { campaign, meeting }: ItemRef, hostEmail: string): Promise<void> {
  const found = await row<{ identity: Buffer }>(tx, sql`select identity from item where campaign = ${campaign} and meeting = ${meeting} for update`);
  if (!found) throw new RelinkFailure('InvalidInput', `the campaign ${campaign} has no such meeting`);
  const identity = JSON.parse(keyring.open(found.identity, identityPlace(meeting))) as MeetingIdentity;
  const sealed = keyring.seal(JSON.stringify({ ...identity, hostEmail }), identityPlace(meeting));
  await rows(tx, sql`update item set identity = ${sealed}, host = ${hostKey(keyring, hostEmail)} where campaign = ${campaign} and meeting = ${meeting}`);
}

function createSnapshots({ db, keyring }: Store): Pick<ItemBook, 'saveSnapshot' | 'findSnapshot' | 'readSnapshot' | 'fingerprint'> {
  const findSnapshot: ItemBook['findSnapshot'] = async (ref) => {
    const found = await row<{ body: Buffer; fingerprint: string }>(db, sql`select body, fingerprint from snapshot where campaign = ${ref.campaign} and meeting = ${ref.meeting}`);
    return found && { snapshot: JSON.parse(keyring.open(found.body, snapshotPlace(ref))) as MeetingSnapshot, fingerprint: found.fingerprint };
  };
  return {
    findSnapshot,
    fingerprint: (snapshot) => fingerprintOf(keyring, snapshot),
    saveSnapshot: (ref, snapshot, startsAt) => db.transaction().execute((tx) => saveSnapshotIn(tx, keyring, ref, snapshot, startsAt)),
    async readSnapshot(ref) {
      const found = await findSnapshot(ref);
      if (!found) throw new RelinkFailure('InvalidInput', 'the ledger has no snapshot of this meeting');
      return found;
    },
  };
}

/** What an organiser can edit. Occurrences pass by themselves, and tags are ours. */
function defining({ identity, kind, title, agenda, timezone, start, end, recurrence, options, invitees, parts = {}, refusal, password, panelistPassword }: MeetingSnapshot): object {
  const people = invitees.map(({ email, coHost, panelist }) => `${email.toLowerCase()} ${coHost} ${panelist}`).sort((a, b) => (a < b ? -1 : 1));
  const handles = { id: identity.id, number: identity.number, link: identity.link, host: identity.hostEmail.toLowerCase() };
  const attached = Object.entries(parts).map(([name, items]) => `${name} ${keyOfPart(items)}`).sort();
  return { handles, kind, title, agenda, timezone, start, end, recurrence, options, people, attached, refusal, password, panelistPassword };
}

interface StepRow {
  readonly meeting: string;
  readonly step: StepName;
  readonly state: StepEvent['state'];
  readonly at: Date;
  readonly attempt: number;
  readonly tracking_id: string | null;
  readonly failure: FailureType | null;
  readonly code: number | null;
  readonly note: string | null;
}

/** The log of several meetings, each in the order it was written. */
export async function stepEventsOf(db: Db, campaign: string, meetings: readonly string[]): Promise<ReadonlyMap<string, readonly StepEvent[]>> {
  const found = await rows<StepRow>(
    db,
    sql`select meeting, step, state, at, attempt, tracking_id, failure, code, note from step_event where campaign = ${campaign} and meeting = any(${list(meetings)}) order by id`,
  );
  const events = new Map<string, StepEvent[]>();
  for (const { meeting, step, state, at, attempt, tracking_id, failure, code, note } of found) {
    const log = events.get(meeting) ?? [];
    log.push({ step, state, at: at.toISOString(), attempt, trackingId: tracking_id, failure, ...(code === null ? {} : { code }), note });
    events.set(meeting, log);
  }
  return events;
}
