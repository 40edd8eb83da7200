import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import { classify, RelinkFailure } from '../../domain/failures.js';
import type { RequestPacer } from '../../domain/ports.js';

export interface HttpOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly token: () => Promise<string>;
  /** Told that the vendor answered 401 to a request with this token, before that request fails with `Unauthorised`. */
  readonly onRefused?: (token: string) => Promise<void>;
  readonly pacer: RequestPacer;
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of the body. Default `application/json`. */
  readonly contentType?: string;
  /** Asked when the request's turn has come; throws to keep it back. */
  readonly lastLook?: () => Promise<void>;
}

export interface HttpAnswer {
  readonly body: unknown;
  readonly trackingId: string | undefined;
  /** The `Link` header. */
  readonly link: string | undefined;
}

/** Whatever prints a configuration of axios prints these as stars. */
const SECRET_FIELDS = ['authorization', 'data'];
const MOST_BYTES = 20_000_000;
/** When the vendor asks for patience without saying how much. */
const DEFAULT_PATIENCE_MS = 60_000;
const MOST_PATIENCE_MS = 24 * 3_600_000;

/** An answer is an answer, whatever its status; redirects are not followed, and nothing is parsed. */
export const plainAxios = (timeoutMs: number): AxiosInstance =>
  axios.create({ timeout: timeoutMs, maxRedirects: 0, maxContentLength: MOST_BYTES, responseType: 'text', transformResponse: [(text: unknown) => text], validateStatus: () => true, redact: SECRET_FIELDS });

/** One attempt per call; what it came to is classified by status alone. Errors hold codes, never URLs, headers or bodies. */
export function createHttp({ baseUrl, token, onRefused, pacer, timeoutMs }: HttpOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  const http = plainAxios(timeoutMs);
  return async ({ method, path, query, headers: own = {}, body, contentType = 'application/json', lastLook }) => {
    const bearer = await token(); // before the pacer: a renewal may take a while, and whoever waited for it must not speak all at once
    await pacer.beforeRequest();
    await lastLook?.();
    const headers = { ...own, authorization: `Bearer ${bearer}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': contentType }) };
    const sentAt = performance.now();
    const answer = await http.request<string>({ method, url: `${baseUrl}${path}`, params: query, data: body, headers, signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
      throw silence(cause, method);
    });
    if (answer.status === 401) await onRefused?.(bearer);
    await refuse(answer, method, (ms) => pacer.quietFor(ms, performance.now() - sentAt));
    return { body: parse(answer, method), trackingId: header(answer, 'trackingid'), link: header(answer, 'link') };
  };
}

export const header = ({ headers }: AxiosResponse, name: string): string | undefined => {
  const value: unknown = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A connection that was never made cannot have had an effect. */
export function silence(cause: unknown, method: string): RelinkFailure {
  const code = cause instanceof AxiosError ? (cause.code ?? 'no answer') : 'no answer';
  const never = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
  const type = classify({ mayHaveTakenEffect: method !== 'GET' && !never }) ?? 'VendorUnavailable';
  return new RelinkFailure(type, `no answer (${code})`);
}

async function refuse(answer: AxiosResponse<string>, method: string, hush: (ms: number) => Promise<void>): Promise<void> {
  const { status } = answer;
  const found = status >= 300 && status < 400 ? 'VendorRefused' : classify({ status: isOfAnother(answer) ? undefined : status, mayHaveTakenEffect: method !== 'GET' });
  const type = found === 'MeetingGone' && method === 'POST' ? 'VendorRefused' : found;
  if (type === undefined) return;
  const retryAfterMs = type === 'RateLimited' ? patience(header(answer, 'retry-after')) : undefined;
  // A 423 is about what was asked for alone: whoever asks for something else need not wait.
  if (retryAfterMs !== undefined && status === 429) await hush(retryAfterMs);
  throw new RelinkFailure(type, `status ${status}`, { status, trackingId: header(answer, 'trackingid'), retryAfterMs });
}

/** A gateway that does not find the vendor says 404 too, in a page of its own or without a word: nothing is gone because of that. The vendor has a tracking id in the header of every answer. */
const isOfAnother = (answer: AxiosResponse<string>): boolean => (answer.status === 404 || answer.status === 410) && (answer.data ? jsonIn(answer.data) === undefined : !header(answer, 'trackingid'));

/** JSON knows no `undefined`: that is a text which is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date. */
export function patience(text: string | undefined): number {
  const ms = /^\d+$/.test(text ?? '') ? Number(text) * 1000 : Date.parse(text ?? '') - Date.now();
  return Number.isNaN(ms) ? DEFAULT_PATIENCE_MS : Math.min(MOST_PATIENCE_MS, Math.max(1_000, ms));
}

/** Something between us and the vendor answered, or the answer was cut off: what was asked for may have been done. */
function parse(answer: AxiosResponse<string>, method: string): unknown {
  if (answer.status === 204 || !answer.data) return null;
  const body = jsonIn(answer.data);
  if (body !== undefined) return body;
  const type = method === 'GET' ? 'VendorUnavailable' : 'NetworkAmbiguous';
  throw new RelinkFailure(type, 'the answer is not JSON', { status: answer.status, trackingId: header(answer, 'trackingid') });
}
