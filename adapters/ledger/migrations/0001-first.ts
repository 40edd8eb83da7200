import { sql, type Migration } from 'kysely';

/** Columns of type bytea are sealed; keys are HMACs. Nothing here names a person or leads to a meeting. */
const tables = [
  // The row of a campaign is the gate of its pivots: share-locked while one deletes, so what changes often is kept beside it.
  sql`create table campaign (name text primary key, spec bytea not null)`,
  sql`create table campaign_state (
    name text primary key references campaign, "order" text not null default 'go', phase text not null default 'planning', started_at timestamptz)`,
  sql`create table item (
    campaign text not null references campaign, meeting text not null, host text not null, lane text not null,
    identity bytea not null, kind text not null, state text not null, wave integer, evidence text not null, reason text,
    failure text, failed_step text, note text, starts_at timestamptz, claim text, not_before timestamptz,
    replacement bytea, replacement_key text, verified_at timestamptz, grace_ends_at timestamptz, retired_at timestamptz, settled_at timestamptz,
    exposed integer not null default 0, primary key (campaign, meeting))`,
  sql`create index item_queue on item (campaign, lane, wave, starts_at) where state = 'waiting'`,
  sql`create index item_state on item (campaign, state)`,
  sql`create index item_host on item (campaign, host)`,
  sql`create index item_meeting on item (meeting)`,
  sql`create table replacement (key text primary key, campaign text not null, meeting text not null, made_at timestamptz not null default now())`,
  sql`create table snapshot (campaign text not null, meeting text not null, body bytea not null, fingerprint text not null, primary key (campaign, meeting))`,
  sql`create table step_event (
    id bigint generated always as identity primary key, campaign text not null, meeting text not null, step text not null, state text not null,
    at timestamptz not null default clock_timestamp(), attempt integer not null, tracking_id text, failure text, note text)`,
  sql`create index step_event_item on step_event (campaign, meeting, id)`,
  sql`create table inventory (campaign text primary key, token text not null)`,
  sql`create table inventory_host (
    campaign text not null, token text not null, host text not null, lane text not null, body bytea not null,
    meetings integer, primary key (campaign, token, host))`,
  sql`create table digest (id text primary key, campaign text not null, kind text not null, host text not null, state text not null default 'assigned', at timestamptz not null default now())`,
  sql`create table notice (
    id bigint generated always as identity primary key, campaign text not null, meeting text not null, host text not null, kind text not null,
    replacement text not null, state text not null default 'queued', digest text references digest, body bytea not null,
    at timestamptz not null default now(), unique (campaign, meeting, kind, replacement))`,
  sql`create index notice_state on notice (campaign, state)`,
  sql`create table identity (name text primary key, next_slot timestamptz not null default '-infinity', quiet_until timestamptz not null default '-infinity')`,
  sql`create table quota_spend (id bigint generated always as identity primary key, identity text not null, host text not null, at timestamptz not null default clock_timestamp())`,
  sql`create index quota_spend_identity on quota_spend (identity, at)`,
  sql`create table exemption (campaign text not null, key text not null, reason text not null, author text not null, expires_at timestamptz not null, primary key (campaign, key))`,
];

export const first: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
