import { sql } from 'kysely';
import type { Exemption, ExemptionBook, ExemptionGrant, ExemptionSubject, Steering } from '../../domain/exemptions.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { Keyring } from '../seal/index.js';
import { list, rows, type Db, type Store } from './database.js';
import { inForce, leaveAlone, reachOf } from './exempt.js';
import { lockState } from './gates.js';
import { hostKey } from './keys.js';

/** Hosts and meetings that are left alone on purpose. */
export function createExemptions({ db, keyring }: Store): ExemptionBook {
  const keyOf = (subject: ExemptionSubject): string => ('host' in subject ? hostKey(keyring, subject.host) : subject.meeting);
  return {
    async preview(campaign, subjects) {
      const keys = subjects.map(keyOf);
      const [versions, reach, forced] = await Promise.all([versionsOf(db, campaign, keys), reachOf(db, campaign, keys), forceOf(db, campaign, keys)]);
      return { ...reach, seen: keys.map((key) => versions.get(key) ?? 0), inForce: forced.length };
    },
    grant: (campaign, wanted) =>
      db.transaction().execute(async (tx) => {
        const keyed = wanted.map((grant) => ({ ...grant, key: keyOf(grant.subject) }));
        await mustBeLatest(tx, campaign, keyed);
        const known = await forceOf(tx, campaign, keyed.map(({ key }) => key));
        const fresh = keyed.filter((grant) => !known.some((line) => line.key === grant.key && saysTheSame(keyring, campaign, line, grant)));
        await insert(tx, keyring, campaign, fresh);
        const left = await leaveAlone(tx, campaign, { wait: true });
        const { underWay } = await reachOf(tx, campaign, keyed.map(({ key }) => key));
        return { exempted: fresh.length, unchanged: keyed.length - fresh.length, left, underWay };
      }),
    remove: (campaign, subject, seen, { by, reason }) =>
      db.transaction().execute(async (tx) => {
        const key = keyOf(subject);
        await mustBeLatest(tx, campaign, [{ key, seen }]);
        const [line] = await forceOf(tx, campaign, [key]);
        if (!line) throw new RelinkFailure('InvalidInput', `no exemption of this ${'host' in subject ? 'host' : 'meeting'} is in force; \`relink exempt ${campaign} --list\` shows those that are`);
        const sealed = seal(keyring, place(campaign, line.id, 'removal'), { by, reason });
        await rows(tx, sql`insert into exemption_removal (exemption, author, reason) values (${line.id}, ${sealed.author}, ${sealed.reason})`);
        const removed = (await lines(tx, keyring, campaign, sql`exemption.id = ${line.id}`))[0];
        if (!removed) throw new RelinkFailure('InvalidInput', 'the removal was not written');
        return removed;
      }),
    list: (campaign, meeting) =>
      lines(db, keyring, campaign, meeting === undefined ? sql`true` : sql`key in (${meeting}, (select host from item where campaign = ${campaign} and meeting = ${meeting}))`),
    async covering(campaign) {
      const found = await rows<{ meeting: string; id: number }>(
        db,
        sql`select distinct on (meeting) meeting, id from item join exemption on exemption.campaign = item.campaign and exemption.key in (item.meeting, item.host)
          where item.campaign = ${campaign} and state = 'excluded' and item.reason = 'Exempted' and not exists (select from exemption_removal where exemption_removal.exemption = exemption.id)
          order by meeting, expires_at > now() desc, exemption.kind desc, id desc`,
      );
      return new Map(found.map(({ meeting, id }) => [meeting, id]));
    },
    async addresses(campaign) {
      const found = await rows<{ id: number; host: Buffer }>(db, sql`select id, host from exemption where campaign = ${campaign} and host is not null`);
      return new Map(found.map(({ id, host }) => [id, keyring.open(host, place(campaign, id, 'host'))]));
    },
  };
}

const place = (campaign: string, id: number, what: 'grant' | 'removal' | 'host'): string => `exemption.${what}.${campaign}.${id}`;
const seal = (keyring: Keyring, at: string, { by, reason }: Steering) => ({ author: keyring.seal(by, `${at}.author`), reason: keyring.seal(reason, `${at}.reason`) });
const open = (keyring: Keyring, at: string, { author, reason }: { readonly author: Buffer; readonly reason: Buffer }): Steering => ({
  by: keyring.open(author, `${at}.author`),
  reason: keyring.open(reason, `${at}.reason`),
});

/** How many lines and removals there are of each key: it only grows. */
async function versionsOf(db: Db, campaign: string, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await rows<{ key: string; version: number }>(
    db,
    sql`select key, (count(*) + count(exemption_removal.exemption))::integer as version from exemption
      left join exemption_removal on exemption_removal.exemption = exemption.id where campaign = ${campaign} and key = any(${list(keys)}) group by key`,
  );
  return new Map(found.map(({ key, version }) => [key, version]));
}

/** Orders about exemptions come one after the other: of two at once the second finds that what it saw has changed. */
async function mustBeLatest(tx: Db, campaign: string, wanted: readonly { readonly key: string; readonly seen: number }[]): Promise<void> {
  await lockState(tx, campaign);
  const versions = await versionsOf(tx, campaign, wanted.map(({ key }) => key));
  const late = wanted.find(({ key, seen }) => (versions.get(key) ?? 0) !== seen);
  if (late) throw new RelinkFailure('InvalidInput', `somebody else exempted ${late.key.slice(0, 12)} or took that back meanwhile, so nothing was changed; see \`relink exempt ${campaign} --list\`, and order it again if you still want it`);
}

interface Force {
  readonly id: number;
  readonly key: string;
  readonly author: Buffer;
  readonly reason: Buffer;
  readonly expires_at: Date;
}

const forceOf = (db: Db, campaign: string, keys: readonly string[]) =>
  rows<Force>(db, sql`select id, key, author, reason, expires_at from exemption where ${inForce(campaign)} and key = any(${list(keys)})`);

function saysTheSame(keyring: Keyring, campaign: string, line: Force, { until, by, reason }: ExemptionGrant): boolean {
  const said = open(keyring, place(campaign, line.id, 'grant'), line);
  return line.expires_at.getTime() === Date.parse(until) && said.by === by && said.reason === reason;
}

/** Each value is sealed for its own row, so the ids are drawn first. */
async function insert(tx: Db, keyring: Keyring, campaign: string, grants: readonly (ExemptionGrant & { readonly key: string })[]): Promise<void> {
  const ids = await rows<{ id: number }>(tx, sql`select nextval(pg_get_serial_sequence('exemption', 'id'))::integer as id from generate_series(1, ${grants.length})`);
  const written = grants.map(({ subject, key, until, by, reason }, i) => {
    const id = ids[i]?.id ?? 0;
    const sealed = seal(keyring, place(campaign, id, 'grant'), { by, reason });
    const host = 'host' in subject ? keyring.seal(subject.host, place(campaign, id, 'host')).toString('base64') : null;
    return { id, kind: 'host' in subject ? 'host' : 'meeting', key, host, author: sealed.author.toString('base64'), reason: sealed.reason.toString('base64'), expires_at: until };
  });
  await rows(
    tx,
    sql`insert into exemption (id, campaign, kind, key, host, author, reason, expires_at)
      select id, ${campaign}, kind, key, decode(host, 'base64'), decode(author, 'base64'), decode(reason, 'base64'), expires_at
      from jsonb_to_recordset(${JSON.stringify(written)}::jsonb) as line (id integer, kind text, key text, host text, author text, reason text, expires_at timestamptz)`,
  );
}

interface Line extends Force {
  readonly kind: Exemption['kind'];
  readonly at: Date;
  readonly standing: Exemption['standing'];
  readonly meetings: number;
  readonly removal_author: Buffer | null;
  readonly removal_reason: Buffer | null;
  readonly removed_at: Date | null;
}

async function lines(db: Db, keyring: Keyring, campaign: string, which: ReturnType<typeof sql>): Promise<readonly Exemption[]> {
  const found = await rows<Line>(
    db,
    sql`with alone as materialized (select meeting, host from item where campaign = ${campaign} and state = 'excluded' and item.reason = 'Exempted'),
        covered as (select host as key, count(*)::integer as meetings from alone group by host union all select meeting, 1 from alone)
      select id, kind, key, exemption.author, exemption.reason, expires_at, exemption.at, gone.author as removal_author, gone.reason as removal_reason, gone.at as removed_at,
        case when gone.exemption is not null then 'removed' when id <> max(id) over (partition by key) then 'renewed' when expires_at <= now() then 'expired' else 'in force' end as standing,
        coalesce(covered.meetings, 0) as meetings
      from exemption left join exemption_removal gone on gone.exemption = exemption.id left join covered using (key) where exemption.campaign = ${campaign} and ${which} order by id`,
  );
  return found.map((line) => toExemption(keyring, campaign, line));
}

function toExemption(keyring: Keyring, campaign: string, { id, kind, key, standing, meetings, ...line }: Line): Exemption {
  const { removal_author: author, removal_reason: reason, removed_at: at } = line;
  return {
    id,
    kind,
    key,
    until: line.expires_at.toISOString(),
    standing,
    meetings,
    ...open(keyring, place(campaign, id, 'grant'), line),
    at: line.at.toISOString(),
    removed: author && reason && at ? { ...open(keyring, place(campaign, id, 'removal'), { author, reason }), at: at.toISOString() } : null,
  };
}
