import { sql, type RawBuilder } from 'kysely';
import { HASTE_MS, type CredentialBook, type CredentialProblem, type CredentialRecord, type CredentialState, type Granted, type OauthClient } from '../../domain/credential.js';
import type { Keyring } from '../seal/index.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';

interface CredentialRow {
  readonly access: Buffer | null;
  readonly refresh: Buffer | null;
  readonly origins: readonly string[];
  readonly refused: boolean;
  readonly hasty: number;
  readonly left: number | null;
  readonly life: number | null;
  readonly age: number | null;
  readonly tried: string | null;
  readonly pending: boolean;
  readonly problem: CredentialProblem | null;
  readonly held: number | null;
}

const ms = (span: RawBuilder<unknown>): RawBuilder<unknown> => sql`(extract(epoch from ${span}) * 1000)::float8`;
const after = (milliseconds: number): RawBuilder<unknown> => sql`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})`;
const place = (kind: 'access' | 'refresh', identity: string): string => `credential.${kind}.${identity}`;

export function createCredentials({ paceDb, renewalDb, keyring }: Store): CredentialBook {
  return {
    async read(identity, configured) {
      const found = await row<CredentialRow>(
        paceDb,
        sql`select access, refresh, origins, access_refused as refused, hasty, tried, pending_since is not null as pending, problem,
            ${ms(sql`access_expires_at - clock_timestamp()`)} as left, ${ms(sql`access_expires_at - access_at`)} as life,
            ${ms(sql`clock_timestamp() - access_at`)} as age, ${ms(sql`retry_at - clock_timestamp()`)} as held
          from credential where identity = ${identity}`,
      );
      return recordOf(keyring, identity, configured, found);
    },
    ...createTurns(renewalDb),
    async begin(identity, attempt) {
      await rows(
        paceDb,
        sql`insert into credential as known (identity, tried, pending_since) values (${identity}, ${attempt}, now())
          on conflict (identity) do update set tried = excluded.tried, retry_at = null,
            pending_since = case when known.tried = excluded.tried then coalesce(known.pending_since, now()) else now() end,
            problem = case when known.tried = excluded.tried then known.problem end`,
      );
    },
    async save(identity, configured, granted) {
      await rows(paceDb, saving(keyring, identity, configured, granted));
    },
    async fail(identity, attempt, { problem, doubtful, holdMs }) {
      const isVerdict = problem !== null && problem !== 'RefreshFailed';
      await rows(
        paceDb,
        sql`update credential set retry_at = ${after(holdMs)}, pending_since = case when ${doubtful}::boolean then pending_since end,
            problem = case when ${isVerdict}::boolean then ${problem}::text else coalesce(problem, ${problem}::text) end
          where identity = ${identity} and tried = ${attempt}`,
      );
    },
    async refuse(identity, accessToken) {
      await rows(paceDb, sql`update credential set access_refused = true where identity = ${identity} and access_key = ${accessKey(keyring, accessToken)}`);
    },
    list: (identities) => statesOf(paceDb, identities),
  };
}

/** The lock is the transaction's, which ends with its connection: a worker that is killed holds up nobody. */
function createTurns(db: Db): Pick<CredentialBook, 'alone' | 'ifAlone'> {
  const turn = (identity: string): RawBuilder<unknown> => sql`hashtextextended(${`tokens of ${identity}`}, 0)`;
  return {
    alone: (identity, act) =>
      db.transaction().execute(async (tx) => {
        await rows(tx, sql`select pg_advisory_xact_lock(${turn(identity)})`);
        return act();
      }),
    ifAlone: (identity, act) =>
      db.transaction().execute(async (tx) => {
        const lock = await row<{ mine: boolean }>(tx, sql`select pg_try_advisory_xact_lock(${turn(identity)}) as mine`);
        return lock?.mine ? act() : undefined;
      }),
  };
}

async function statesOf(db: Db, identities: readonly string[]): Promise<readonly CredentialState[]> {
  const found = await rows<{ identity: string; access: Date | null; refresh: Date | null; problem: CredentialProblem | null }>(
    db,
    sql`select identity, access_expires_at as access, refresh_expires_at as refresh, coalesce(problem, case when access_refused and hasty > 0 then 'AccessRefused' end) as problem
      from credential where identity = any(${list(identities)})`,
  );
  const known = new Map(found.map((line) => [line.identity, line]));
  return identities.map((identity) => {
    const { access = null, refresh = null, problem = null } = known.get(identity) ?? {};
    return { identity, accessExpiresAt: instant(access), refreshExpiresAt: instant(refresh), problem };
  });
}

const accessKey = (keyring: Keyring, token: string): string => keyring.index('access token', token);
const originKey = (keyring: Keyring, { refreshToken }: OauthClient): string => keyring.index('refresh token', refreshToken);

function recordOf(keyring: Keyring, identity: string, configured: OauthClient, found: CredentialRow | undefined): CredentialRecord {
  const stored = found?.refresh ? keyring.open(found.refresh, place('refresh', identity)) : undefined;
  const replaced = stored !== undefined && found?.origins.includes(originKey(keyring, configured)) === false;
  const refreshToken = stored === undefined || replaced ? configured.refreshToken : stored;
  const attempt = keyring.index('renewal', configured.clientId, configured.clientSecret, refreshToken);
  const same = found?.tried === attempt;
  return {
    access: found?.access
      ? { token: keyring.open(found.access, place('access', identity)), leftMs: found.left ?? 0, lifeMs: found.life ?? 0, ageMs: found.age ?? 0, refused: found.refused, hasty: found.hasty > 0 }
      : null,
    refreshToken,
    attempt,
    replaced,
    failed: found?.problem ? { problem: found.problem, same } : null,
    doubtful: same && found.pending,
    heldMs: Math.max(0, found?.held ?? 0),
  };
}

function saving(keyring: Keyring, identity: string, configured: OauthClient, { accessToken, accessLifeMs, refreshToken, refreshLifeMs }: Granted): RawBuilder<unknown> {
  const access = keyring.seal(accessToken, place('access', identity));
  const refresh = keyring.seal(refreshToken, place('refresh', identity));
  const refreshExpiresAt = refreshLifeMs === undefined ? sql`null` : after(refreshLifeMs);
  return sql`insert into credential as known (identity, origins, access, access_key, access_at, access_expires_at, refresh, refresh_expires_at)
    values (${identity}, array[${originKey(keyring, configured)}::text], ${access}, ${accessKey(keyring, accessToken)}, clock_timestamp(), ${after(accessLifeMs)}, ${refresh}, ${refreshExpiresAt})
    on conflict (identity) do update set access = excluded.access, access_key = excluded.access_key, access_at = excluded.access_at, access_expires_at = excluded.access_expires_at,
      refresh = excluded.refresh, refresh_expires_at = excluded.refresh_expires_at, access_refused = false,
      hasty = case when known.access_refused and known.access_at > ${after(-HASTE_MS)} then known.hasty + 1 else 0 end,
      origins = case when known.origins @> excluded.origins then known.origins else known.origins || excluded.origins end,
      tried = null, pending_since = null, problem = null, retry_at = null`;
}
