import type { LoggedCall, Truth } from './vendor-log.js';

/** What meetings of one kind cost, from the first look at them to the proof that the old link is dead. */
export interface Cost {
  /** Meetings whose legacy was deleted. */
  readonly meetings: number;
  /** Requests per meeting. */
  readonly each: number;
  /** The same by what was asked for, most first. */
  readonly byRequest: Readonly<Record<string, number>>;
}

export interface RequestFigures {
  /** All requests between the end of the inventory and the end of the campaign, by meetings done. */
  readonly perMeeting: number;
  /** By what the vendor itself says they are, most meetings first. */
  readonly sorts: Readonly<Record<string, Cost>>;
  /** Of every sort. */
  readonly allSeries: Cost;
  /** Single meetings of hosts of whom no other meeting was replaced, so that none could share a list. */
  readonly alone: Cost;
  /** Meetings replaced, by hosts who had any. */
  readonly perHost: number;
}

/** Sorts of series. A plain one is all that is none of the others, by what it is, not by what it cost. */
export const series = { plain: 'plain series', long: 'long series', crowded: 'series of many people', changed: 'series with changed occurrences' } as const;

/** Most occurrences that are asked for at once, and most invitees that the vendor gives at once. */
const PAGE = { occurrences: 90, invitees: 100 } as const;

/** Of other kinds the kind itself. */
function sortOf({ kind, toCome, invitees }: Truth[string]): string {
  if (kind === 'exceptions') return series.changed;
  if (kind !== 'series') return kind;
  if (toCome > PAGE.occurrences) return series.long;
  return invitees > PAGE.invitees ? series.crowded : series.plain;
}

type Sums = Map<string, number>;

/** The calls of a campaign, counted. `done` is what the ledger says. */
export function countRequests(calls: readonly LoggedCall[], truth: Truth, done: number): RequestFigures {
  const deleted = new Set(calls.flatMap(({ method, path, effect }) => (method === 'DELETE' && effect ? (/^\/v1\/meetings\/([^/_]+)$/.exec(path)?.[1] ?? []) : [])));
  const legacy = Object.keys(truth).filter((id) => truth[id]?.origin === 'seed' && deleted.has(id));
  const byHost = grouped(legacy, (id) => truth[id]?.host ?? '');
  const sums = new Map<string, Sums>(legacy.map((id) => [id, new Map<string, number>()]));
  for (const call of calls) {
    const request = requestOf(call, call.meetingId !== null && truth[call.meetingId]?.standsFor !== undefined);
    const shared = meantBy(call, truth, byHost).flatMap((id) => sums.get(id) ?? []);
    for (const sum of shared) sum.set(request, (sum.get(request) ?? 0) + 1 / shared.length);
  }
  const costOf = (ids: readonly string[]): Cost => cost(ids.flatMap((id) => sums.get(id) ?? []));
  const sorts = [...grouped(legacy, (id) => (truth[id] ? sortOf(truth[id]) : ''))].toSorted(([, a], [, b]) => b.length - a.length);
  return {
    perMeeting: calls.length / Math.max(1, done),
    sorts: Object.fromEntries(sorts.map(([sort, ids]) => [sort, costOf(ids)])),
    allSeries: costOf(legacy.filter((id) => ['series', 'exceptions'].includes(truth[id]?.kind ?? ''))),
    alone: costOf([...byHost.values()].flatMap((ids) => (ids.length === 1 ? ids : [])).filter((id) => truth[id]?.kind === 'single')),
    perHost: legacy.length / Math.max(1, byHost.size),
  };
}

/** Of which replaced meetings a call is: of the one that it names or that the one it names stands for; a list, of all of its host. */
function meantBy({ meetingId, host }: LoggedCall, truth: Truth, byHost: ReadonlyMap<string, readonly string[]>): readonly string[] {
  if (meetingId === null) return byHost.get(host ?? '') ?? [];
  return [truth[meetingId]?.standsFor ?? meetingId];
}

function grouped(ids: readonly string[], by: (id: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) groups.set(by(id), [...(groups.get(by(id)) ?? []), id]);
  return groups;
}

function cost(sums: readonly Sums[]): Cost {
  const all: Sums = new Map();
  for (const [request, sum] of sums.flatMap((each) => [...each])) all.set(request, (all.get(request) ?? 0) + sum / sums.length);
  const shares = [...all].toSorted(([, a], [, b]) => b - a);
  return { meetings: sums.length, each: shares.reduce((sum, [, share]) => sum + share, 0), byRequest: Object.fromEntries(shares) };
}

const lists = [
  ['meetingNumber', 'look up by number'],
  ['webLink', 'look up by link'],
  ['integrationTag', 'find by tag'],
] as const;

/** Which reading of which meeting it is: the old one is read when it is copied and before it is deleted, the new one when it is verified. */
const readOf = (what: string, isNew: boolean): string => (isNew ? `read new ${what}` : `read ${what}`);

/** What a call asked for, in words. */
function requestOf({ method, path, query }: LoggedCall, isNew: boolean): string {
  const part = /\/(registrants|breakoutSessions|interpreters)\b/.exec(path)?.[1];
  if (part !== undefined) return `${method === 'GET' ? 'read' : 'write'} ${part}`;
  if (path.startsWith('/v1/meetingInvitees')) return method === 'GET' ? readOf('invitees', isNew) : 'invite';
  if (method === 'POST') return 'create';
  if (method === 'PATCH') return 'change occurrence';
  if (method === 'DELETE') return path.includes('_') ? 'delete occurrence' : 'delete';
  if (path !== '/v1/meetings') return path.startsWith('/v1/meetings/') ? readOf(path.includes('_') ? 'occurrence' : 'meeting', isNew) : 'other';
  const asked = new URLSearchParams(query);
  if (asked.has('meetingSeriesId')) return readOf('occurrences', isNew);
  return lists.find(([name]) => asked.has(name))?.[1] ?? 'list of the host';
}
