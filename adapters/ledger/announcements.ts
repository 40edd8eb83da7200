import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { aheadOf, type Announcement, type AnnouncementBook, type AnnouncementStanding, type Ahead, type Heading } from '../../domain/announcements.js';
import type { CampaignBook } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingKind } from '../../domain/meeting.js';
import type { Keyring } from '../seal/index.js';
import { base32 } from '../seal/base32.js';
import { fromNow, held, isToTell, toldOf } from './ahead.js';
import { instant, row, rows, type Db, type Store } from './database.js';
import { leaveAlone } from './exempt.js';
import { identityPlace } from './items.js';

export const headingPlace = (meeting: string): string => `item.heading.${meeting}`;

export function createAnnouncements({ db, keyring }: Store, campaigns: CampaignBook): AnnouncementBook {
  const aheadIn = async (campaign: string) => aheadOf((await campaigns.get(campaign)).spec);
  return {
    async assign(campaign) {
      const ahead = await aheadIn(campaign);
      if (!ahead) return [];
      return db.transaction().execute(async (tx) => {
        await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`announcements ${campaign}`}, 0))`);
        await leaveAlone(tx, campaign, { wait: false });
        await takeOut(tx, ahead, sql`digest.campaign = ${campaign}`);
        await putTogether(tx, ahead, campaign);
        const open = await rows<{ id: string }>(
          tx,
          sql`select id from digest where campaign = ${campaign} and kind = 'announced' and state = 'assigned'
            and exists (select from announcement where announcement.digest = digest.id) order by at, id`,
        );
        return open.map(({ id }) => id);
      });
    },
    async open(id) {
      const found = await row<{ campaign: string }>(db, sql`select campaign from digest where id = ${id}`);
      const ahead = found && (await aheadIn(found.campaign));
      return ahead && db.transaction().execute((tx) => openIn(tx, keyring, ahead, id));
    },
    close: (id, outcome) => db.transaction().execute((tx) => close(tx, id, outcome)),
    async isOver({ campaign, meeting }) {
      const over = await row(
        db,
        sql`select from announcement join digest on digest.id = announcement.digest
          where announcement.campaign = ${campaign} and announcement.meeting = ${meeting} and digest.state <> 'assigned' and until <= now()`,
      );
      return over !== undefined;
    },
    async standing(campaign) {
      const ahead = await aheadIn(campaign);
      return ahead && standing(db, ahead, campaign);
    },
  };
}

/** What is not to be told any more: begun, exempt, gone, or too soon by now. Should it come to wait again, it is told then. */
const takeOut = (tx: Db, ahead: Ahead, which: ReturnType<typeof sql>) =>
  rows(
    tx,
    sql`delete from announcement using digest, item where digest.id = announcement.digest and digest.state = 'assigned' and ${which}
      and item.campaign = announcement.campaign and item.meeting = announcement.meeting and not (${isToTell(ahead)})`,
  );

/** One mail per organiser. Its id follows from what it holds, so its Message-ID does too. */
async function putTogether(tx: Db, ahead: Ahead, campaign: string): Promise<void> {
  const groups = await rows<{ host: string; meetings: readonly string[] }>(
    tx,
    sql`select host, array_agg(meeting order by meeting) as meetings from item where campaign = ${campaign} and ${isToTell(ahead)}
      and not exists (select from announcement where announcement.campaign = item.campaign and announcement.meeting = item.meeting) group by host`,
  );
  if (groups.length === 0) return;
  const lines = groups.map((group) => ({ ...group, id: digestId(campaign, group.meetings) }));
  const given = sql`jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id text, host text, meetings text[])`;
  await rows(tx, sql`insert into digest (id, campaign, kind, host) select id, ${campaign}, 'announced', host from ${given} on conflict do nothing`);
  await rows(tx, sql`insert into announcement (campaign, meeting, digest) select ${campaign}, unnest(meetings), id from ${given}`);
}

const digestId = (campaign: string, meetings: readonly string[]): string =>
  base32(createHash('sha256').update([campaign, 'announced', ...meetings].join('\u0000')).digest()).slice(0, 32);

interface Told {
  readonly meeting: string;
  readonly identity: Buffer;
  readonly heading: Buffer | null;
  readonly kind: MeetingKind;
  readonly starts_at: Date | null;
}

async function openIn(tx: Db, keyring: Keyring, ahead: Ahead, id: string): Promise<Announcement | undefined> {
  await takeOut(tx, ahead, sql`digest.id = ${id}`);
  const digest = await row<{ campaign: string; until: Date }>(
    tx,
    sql`update digest set opened_at = clock_timestamp(), until = ${fromNow(ahead)} where id = ${id} and state = 'assigned' returning campaign, until`,
  );
  const found = await rows<Told>(
    tx,
    sql`select meeting, identity, heading, kind, starts_at from announcement join item using (campaign, meeting) where digest = ${id} order by starts_at nulls last, meeting`,
  );
  if (!digest || found.length === 0) return undefined;
  const opened = found.map((line) => unsealed(keyring, line));
  const [first] = opened;
  const to = { email: first?.identity.hostEmail ?? '', name: first?.heading.hostName ?? '' };
  return { id, campaign: digest.campaign, to, notBefore: digest.until.toISOString(), meetings: opened.map(({ heading, identity, kind, start }) => ({ ...heading, kind, start, number: identity.number })) };
}

/** Found before the campaign told anybody ahead, a meeting has no heading: it is told by number and time. */
function unsealed(keyring: Keyring, { meeting, identity, heading, kind, starts_at }: Told) {
  const known = heading && (JSON.parse(keyring.open(heading, headingPlace(meeting))) as Heading);
  return {
    identity: JSON.parse(keyring.open(identity, identityPlace(meeting))) as MeetingIdentity,
    heading: known ?? { title: '', timezone: 'UTC', hostName: '' },
    kind,
    start: instant(starts_at),
  };
}

async function close(tx: Db, id: string, outcome: 'sent' | 'bounced'): Promise<void> {
  const closed = await rows(
    tx,
    sql`update digest set state = ${outcome}, until = until + (clock_timestamp() - opened_at) where id = ${id} and kind = 'announced' and state = 'assigned' returning id`,
  );
  if (closed.length === 0) return;
  const [state, failure] = outcome === 'sent' ? ['done', null] : ['failed', 'OrganiserUnreachable'];
  await rows(tx, sql`insert into step_event (campaign, meeting, step, state, attempt, failure) select campaign, meeting, 'announce', ${state}, 1, ${failure} from announcement where digest = ${id}`);
}

async function standing(db: Db, ahead: Ahead, campaign: string): Promise<AnnouncementStanding> {
  const [told, waiting] = await Promise.all([toldIn(db, campaign), waitingIn(db, ahead, campaign)]);
  return {
    organisers: told?.organisers ?? 0,
    meetings: told?.meetings ?? 0,
    bounced: told?.bounced ?? 0,
    toTell: { organisers: waiting?.organisers ?? 0, meetings: waiting?.to_tell ?? 0 },
    tooSoon: waiting?.too_soon ?? 0,
    firstAt: instant(waiting?.first ?? null),
  };
}

const toldIn = (db: Db, campaign: string) =>
  row<{ organisers: number; meetings: number; bounced: number }>(
    db,
    sql`select count(distinct digest.host) filter (where state = 'sent')::integer as organisers, count(*) filter (where state = 'sent')::integer as meetings,
        count(distinct digest.host) filter (where state = 'bounced')::integer as bounced
      from announcement join digest on digest.id = announcement.digest where announcement.campaign = ${campaign}`,
  );

const waitingIn = (db: Db, ahead: Ahead, campaign: string) =>
  row<{ organisers: number; to_tell: number; too_soon: number; first: Date | null }>(
    db,
    sql`select count(distinct host) filter (where to_tell and not closed)::integer as organisers, count(*) filter (where to_tell and not closed)::integer as to_tell,
        count(*) filter (where held is null and not closed and not departed)::integer as too_soon, min(held) filter (where closed) as first
      from (select item.host, item.departed, ${held(ahead)} as held, ${isToTell(ahead)} as to_tell, told.meeting is not null as closed
        from item left join ${toldOf(campaign)} on told.meeting = item.meeting
        where item.campaign = ${campaign} and item.state = 'waiting' and item.claim is null) as waiting`,
  );
