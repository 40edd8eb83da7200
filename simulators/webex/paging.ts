import { badRequest, type Answer, type VendorRequest } from './http.js';
import type { JsonObject } from './meeting-record.js';

/** An item and what sorts it; keys must stay the same while pages are read. */
export interface Listed {
  readonly key: string;
  /** Rendered only when its page is shown. */
  readonly item: () => JsonObject;
}

const encode = (key: string): string => Buffer.from(key).toString('base64url');
const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

export function pageSize(query: URLSearchParams, fallback: number, limit: number): number {
  const text = query.get('max');
  if (text === null) return fallback;
  const max = Number(text);
  if (!Number.isInteger(max) || max < 1) throw badRequest('max must be a positive number.');
  return Math.min(max, limit);
}

/** One page after the cursor of the request; `items` ascend by key. Only `next` is ever linked. */
export function page(request: VendorRequest, items: readonly Listed[], size: number): Answer {
  const cursor = request.query.get('cursor');
  const after = cursor === null ? '' : decode(cursor);
  const rest = after === '' ? items : items.filter(({ key }) => key > after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const more = last && rest.length > size;
  return { status: 200, body: { items: shown.map(({ item }) => item()) }, ...(more ? { headers: { link: nextLink(request, last.key) } } : {}) };
}

/** A page without items that goes on where the request was. */
export function emptyPage(request: VendorRequest): Answer {
  const cursor = request.query.get('cursor');
  return { status: 200, body: { items: [] }, headers: { link: nextLink(request, cursor === null ? '' : decode(cursor)) } };
}

function nextLink({ origin, path, query }: VendorRequest, key: string): string {
  const next = new URLSearchParams(query);
  next.set('cursor', encode(key));
  return `<${origin}${path}?${next.toString()}>; rel="next"`;
}
