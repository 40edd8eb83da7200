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
  /** By kind, most meetings first. */
  readonly kinds: Readonly<Record<string, Cost>>;
  /** Series whose occurrences to come fit on one page, so that each reading asks for one. */
  readonly shortSeries: Cost;
  /** Single meetings of hosts of whom no other meeting was replaced, so that none could share a list. */
  readonly alone: Cost;
  /** Meetings replaced, by hosts who had any. */
  readonly perHost: number;
}

/** Snapshot, verification, and the look before the deletion. */
const READINGS = 3;

type Sums = Map<string, number>;

/** The calls of a campaign, counted. `done` is what the ledger says. */
export function countRequests(calls: readonly LoggedCall[], truth: Truth, done: number): RequestFigures {
  const deleted = new Set(calls.flatMap(({ method, path, effect }) => (method === 'DELETE' && effect ? (/^\/v1\/meetings\/([^/_]+)$/.exec(path)?.[1] ?? []) : [])));
  const legacy = Object.keys(truth).filter((id) => truth[id]?.origin === 'seed' && deleted.has(id));
  const byHost = grouped(legacy, (id) => truth[id]?.host ?? '');
  const sums = new Map<string, Sums>(legacy.map((id) => [id, new Map<string, number>()]));
  for (const call of calls) {
    const request = requestOf(call);
    const shared = meantBy(call, truth, byHost).flatMap((id) => sums.get(id) ?? []);
    for (const sum of shared) sum.set(request, (sum.get(request) ?? 0) + 1 / shared.length);
  }
  const costOf = (ids: readonly string[]): Cost => cost(ids.flatMap((id) => sums.get(id) ?? []));
  const kinds = [...grouped(legacy, (id) => truth[id]?.kind ?? '')].toSorted(([, a], [, b]) => b.length - a.length);
  return {
    perMeeting: calls.length / Math.max(1, done),
    kinds: Object.fromEntries(kinds.map(([kind, ids]) => [kind, costOf(ids)])),
    shortSeries: costOf(legacy.filter((id) => truth[id]?.kind === 'series' && (sums.get(id)?.get('list occurrences') ?? 0) <= READINGS)),
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
  ['meetingSeriesId', 'list occurrences'],
  ['integrationTag', 'find by tag'],
] as const;

/** What a call asked for, in words. */
function requestOf({ method, path, query }: LoggedCall): string {
  const part = /\/(registrants|breakoutSessions|interpreters)\b/.exec(path)?.[1];
  if (part !== undefined) return `${method === 'GET' ? 'read' : 'write'} ${part}`;
  if (path.startsWith('/v1/meetingInvitees')) return method === 'GET' ? 'read invitees' : 'invite';
  if (method === 'POST') return 'create';
  if (method === 'PATCH') return 'change occurrence';
  if (method === 'DELETE') return path.includes('_') ? 'delete occurrence' : 'delete';
  if (path !== '/v1/meetings') return path.startsWith('/v1/meetings/') ? (path.includes('_') ? 'read occurrence' : 'read meeting') : 'other';
  const asked = new URLSearchParams(query);
  return lists.find(([name]) => asked.has(name))?.[1] ?? 'list of the host';
}
