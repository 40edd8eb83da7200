import { sql } from 'kysely';
import type { Finding, HandleBook, InventoryBook } from '../../domain/ledger.js';
import { isVendorId, type Host, type MeetingIdentity } from '../../domain/meeting.js';
import type { State } from '../../domain/states.js';
import type { Keyring } from '../seal/index.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';
import { hostKey, meetingKey, replacementKey } from './keys.js';
import { inForce } from './exempt.js';
import { untouched } from './moves.js';
import { existing } from './existing.js';
import { ofNobodyListed, openHandlesIn } from './open-handles.js';
import { headingPlace } from './announcements.js';
import { identityPlace } from './items.js';

interface HostLine {
  readonly host: string;
  readonly body: Buffer;
}

const hostPlace = (host: string): string => `inventory_host.body.${host}`;

const opened = (keyring: Keyring, { host, body }: HostLine): Host => JSON.parse(keyring.open(body, hostPlace(host))) as Host;

const lineOfListed = (db: Db, campaign: string, token: string, lane: string): Promise<HostLine | undefined> =>
  row(db, sql`select host, body from inventory_host where campaign = ${campaign} and token = ${token} and lane = ${lane} and (meetings > 0 or (meetings = 0 and not incomplete)) limit 1`);

export function createInventory(store: Store): Omit<InventoryBook, keyof HandleBook> {
  const { db, keyring } = store;
  return {
    async begin(campaign, token) {
      await db.transaction().execute(async (tx) => {
        await rows(tx, sql`insert into inventory (campaign, token) values (${campaign}, ${token}) on conflict (campaign) do update set token = excluded.token`);
        await rows(tx, sql`delete from inventory_host where campaign = ${campaign} and token <> ${token}`);
      });
    },
    async addHosts(campaign, token, hosts) {
      const lines = hosts.map(({ host, lane }) => {
        const key = hostKey(keyring, host.email);
        return { host: key, lane, body: keyring.seal(JSON.stringify(host), hostPlace(key)).toString('base64') };
      });
      await rows(
        db,
        sql`insert into inventory_host (campaign, token, host, lane, body)
          select ${campaign}, ${token}, host, lane, decode(body, 'base64') from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (host text, lane text, body text)
          on conflict do nothing`,
      );
    },
    async nextHosts(campaign, token, lane, limit) {
      const found = await rows<HostLine>(
        db,
        sql`select host, body from inventory_host where campaign = ${campaign} and token = ${token} and lane = ${lane} and meetings is null order by host limit ${limit}`,
      );
      return found.map((line) => opened(keyring, line));
    },
    finishHost: ({ campaign, token, lane, host, findings, unreadable, guest = [] }) =>
      db.transaction().execute(async (tx) => {
        const key = hostKey(keyring, host.email);
        await write(tx, { campaign, lane, host: key }, linesOf(keyring, { findings, unreadable, departed: false }));
        await openHandlesIn(tx, keyring, { campaign, token }, await ofNobodyListed(tx, keyring, campaign, guest));
        const incomplete = unreadable.some(({ identity }) => !isVendorId(identity.id));
        if (!incomplete) await dropStandIns(tx, keyring, campaign, key);
        await rows(tx, sql`update inventory_host set meetings = ${findings.length}, incomplete = ${incomplete} where campaign = ${campaign} and token = ${token} and host = ${key}`);
      }),
    listedAny: async (...run) => (await lineOfListed(db, ...run)) !== undefined,
    someListed: (...run) => lineOfListed(db, ...run).then((line) => line && opened(keyring, line)),
    async exemptions(campaign, at) {
      const found = await rows<{ key: string }>(db, sql`select key from exemption where ${inForce(campaign, at)}`);
      const keys = new Set(found.map(({ key }) => key));
      return { covers: (identity) => keys.size > 0 && (keys.has(meetingKey(keyring, identity)) || keys.has(hostKey(keyring, identity.hostEmail))) };
    },
    async replacedAt(identity) {
      const found = await row<{ made_at: Date }>(db, sql`select made_at from replacement where key = ${replacementKey(keyring, identity)}`);
      return instant(found?.made_at ?? null);
    },
    async progress(campaign, token) {
      const found = await row<{ hosts: number; finished: number; meetings: number }>(
        db,
        sql`select count(*)::integer as hosts, count(meetings)::integer as finished, coalesce(sum(meetings), 0)::integer as meetings
          from inventory_host where campaign = ${campaign} and token = ${token}`,
      );
      return found ?? { hosts: 0, finished: 0, meetings: 0 };
    },
    existing: (input) => existing(store, input),
  };
}

/** What stood for meetings of a host that could not be listed, once everything of theirs is: it was never a meeting. */
async function dropStandIns(tx: Db, keyring: Keyring, campaign: string, host: string): Promise<void> {
  const failed = await rows<{ meeting: string; identity: Buffer }>(tx, sql`select meeting, identity from item where campaign = ${campaign} and host = ${host} and state = 'failed' and failed_step is null`);
  const standIns = failed.filter(({ meeting, identity }) => !isVendorId((JSON.parse(keyring.open(identity, identityPlace(meeting))) as MeetingIdentity).id)).map(({ meeting }) => meeting);
  if (standIns.length > 0) await rows(tx, sql`delete from item where campaign = ${campaign} and meeting = any(${list(standIns)})`);
}

interface Found {
  readonly findings: readonly Finding[];
  readonly unreadable: readonly { readonly identity: MeetingIdentity; readonly fields: readonly string[] }[];
  /** Whether the host of all of them is listed nowhere. */
  readonly departed: boolean;
}

export const linesOf = (keyring: Keyring, { findings, unreadable, departed }: Found): readonly object[] => [
  ...findings.map((finding) => ({ ...toLine(keyring, finding), departed })),
  ...unreadable.map(({ identity, fields }) => ({ ...named(keyring, identity), kind: 'single', state: 'failed', evidence: 'none', note: fields.join(' '), departed })),
];

const stateOf: Readonly<Record<Finding['judgement']['verdict'], State>> = { affected: 'waiting', unaffected: 'unaffected', excluded: 'excluded', refused: 'refused' };

function named(keyring: Keyring, identity: MeetingIdentity): { meeting: string; identity: string } {
  const meeting = meetingKey(keyring, identity);
  return { meeting, identity: keyring.seal(JSON.stringify(identity), identityPlace(meeting)).toString('base64') };
}

const toLine = (keyring: Keyring, { identity, kind, startsAt, judgement, heading }: Finding) => ({
  ...named(keyring, identity),
  kind,
  starts_at: startsAt,
  state: stateOf[judgement.verdict],
  evidence: judgement.evidence,
  proof: judgement.proof,
  reason: judgement.reason,
  ...(heading ? { heading: keyring.seal(JSON.stringify(heading), headingPlace(meetingKey(keyring, identity))).toString('base64') } : {}),
});

interface Where {
  readonly campaign: string;
  readonly lane: string;
  readonly host: string;
}

const asLines = (lines: readonly object[]) => sql`jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
  as line (meeting text, identity text, kind text, state text, evidence text, proof text, reason text, note text, starts_at timestamptz, heading text, departed boolean)`;

export async function write(tx: Db, where: Where, lines: readonly object[]): Promise<void> {
  if (lines.length === 0) return;
  await refreshStarts(tx, where, lines);
  await judge(tx, where, lines);
}

/**
 * The next start of work that is not settled. One that went by since, while the campaign ran, was held on the old link:
 * it is counted before a later start takes its place, or a new verdict takes the meeting out of the campaign.
 */
const refreshStarts = (tx: Db, { campaign }: Where, lines: readonly object[]) =>
  rows(
    tx,
    sql`update item set
        starts_at = coalesce(line.starts_at, item.starts_at),
        exposed = exposed + case when item.starts_at between started_at and coalesce(settled_at, now())
          and (line.starts_at > item.starts_at or (item.state = 'waiting' and claim is null and line.state in ('unaffected', 'excluded'))) then 1 else 0 end
      from campaign_state, ${asLines(lines)}
      where campaign_state.name = ${campaign} and item.campaign = ${campaign} and item.meeting = line.meeting
        and line.state <> 'failed' and (item.state in ('waiting', 'running', 'replaced') or (item.state = 'gone' and ${isUnsafe(sql`line`)}))`,
  );

/** Found with its old link although it was deleted, or over: its organiser has planned it anew, or the list lagged, which the saga will see. */
const isUnsafe = (line: ReturnType<typeof sql>) => sql`${line}.state in ('waiting', 'refused')`;

/**
 * New meetings get an item in the state of their verdict. Known ones are judged again as long as no work has begun, or when all work
 * was over because there was none; all transitions between those states are legal.
 */
const judge = (tx: Db, { campaign, lane, host }: Where, lines: readonly object[]) =>
  rows(
    tx,
    sql`insert into item (campaign, lane, host, meeting, identity, kind, state, evidence, proof, reason, note, starts_at, heading, departed, failure, settled_at)
      select ${campaign}, ${lane}, ${host}, meeting, decode(identity, 'base64'), kind, state, evidence, proof, reason, note, starts_at, decode(heading, 'base64'), departed,
        case when state = 'failed' then 'VendorRefused' end, case when state <> 'waiting' then now() end
      from ${asLines(lines)} order by meeting
      on conflict (campaign, meeting) do update set
        identity = excluded.identity, kind = excluded.kind, state = excluded.state, evidence = excluded.evidence, proof = excluded.proof, reason = excluded.reason,
        starts_at = excluded.starts_at, heading = coalesce(excluded.heading, item.heading), settled_at = excluded.settled_at, host = excluded.host, lane = excluded.lane, departed = excluded.departed,
        failure = null, failed_step = null, note = null, not_before = case when item.state = 'waiting' then item.not_before end, ${untouched}
      where excluded.state <> 'failed' and (item.state in ('unaffected', 'excluded', 'refused') or (item.state = 'waiting' and item.claim is null) or (item.state = 'gone' and ${isUnsafe(sql`excluded`)}))`,
  );
