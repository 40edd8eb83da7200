import type { LoggedCall, Truth } from './vendor-log.js';

/** What meetings of one kind cost, from first read to the proof that the old link is dead. */
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
  readonly single: Cost;
  readonly series: Cost;
}

/** The calls of a campaign, counted. `done` is what the ledger says. */
export function countRequests(calls: readonly LoggedCall[], truth: Truth, done: number): RequestFigures {
  const deleted = new Set(calls.flatMap(({ method, effect, meetingId }) => (method === 'DELETE' && effect && meetingId !== null ? [meetingId] : [])));
  const legacy = Object.entries(truth).filter(([id, { origin }]) => origin === 'seed' && deleted.has(id));
  const counted = { calls, truth, deleted, meetings: legacy.length };
  const of = (kind: string): Cost => costOf(kind, legacy.filter(([, meeting]) => meeting.kind === kind).length, counted);
  return { perMeeting: calls.length / Math.max(1, done), single: of('single'), series: of('series') };
}

interface Counted {
  readonly calls: readonly LoggedCall[];
  readonly truth: Truth;
  readonly deleted: ReadonlySet<string>;
  readonly meetings: number;
}

function costOf(kind: string, meetings: number, { calls, truth, deleted, meetings: all }: Counted): Cost {
  const sums = new Map<string, number>();
  for (const call of calls) {
    const request = requestOf(call);
    const weight = weightOf(call, request, kind, truth, deleted) ?? meetings / Math.max(1, all);
    sums.set(request, (sums.get(request) ?? 0) + weight);
  }
  const shares = [...sums].filter(([, sum]) => sum > 0).map(([request, sum]) => [request, sum / Math.max(1, meetings)] as const);
  shares.sort(([, a], [, b]) => b - a);
  return { meetings, each: shares.reduce((sum, [, share]) => sum + share, 0), byRequest: Object.fromEntries(shares) };
}

/** 1 when the call was for a meeting of this kind, 0 when it was not; nothing when the log does not say, as of a look-up by a handle. */
function weightOf({ meetingId }: LoggedCall, request: string, kind: string, truth: Truth, deleted: ReadonlySet<string>): number | undefined {
  if (request === 'list occurrences') return kind === 'series' ? 1 : 0;
  if (meetingId === null) return undefined;
  const meeting = truth[meetingId];
  const belongs = meeting?.kind === kind && (deleted.has(meetingId) || meeting.origin === 'api');
  return belongs ? 1 : 0;
}

const lists = [
  ['meetingNumber', 'look up by number'],
  ['webLink', 'look up by link'],
  ['meetingSeriesId', 'list occurrences'],
  ['integrationTag', 'find by tag'],
] as const;

/** What a call asked for, in words. */
function requestOf({ method, path, query }: LoggedCall): string {
  if (path.startsWith('/v1/meetingInvitees')) return method === 'GET' ? 'read invitees' : 'invite';
  if (method === 'POST') return 'create';
  if (method === 'DELETE') return 'delete';
  if (path !== '/v1/meetings') return path.startsWith('/v1/meetings/') ? 'read meeting' : 'other';
  const asked = new URLSearchParams(query);
  return lists.find(([name]) => asked.has(name))?.[1] ?? 'other list';
}
