import axios, { AxiosError, type AxiosResponse } from 'axios';
import { classify, RelinkFailure } from '../../domain/failures.js';
import type { RequestPacer } from '../../domain/ports.js';

export interface HttpOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly token: () => Promise<string>;
  readonly pacer: RequestPacer;
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Asked when the request's turn has come; throws to keep it back. */
  readonly lastLook?: () => Promise<void>;
}

export interface HttpAnswer {
  readonly body: unknown;
  readonly trackingId: string | undefined;
  /** The `Link` header. */
  readonly link: string | undefined;
}

const MOST_BYTES = 20_000_000;
/** When the vendor asks for patience without saying how much. */
const DEFAULT_PATIENCE_MS = 60_000;
const MOST_PATIENCE_MS = 24 * 3_600_000;

/** One attempt per call; what it came to is classified by status alone. Errors hold codes, never URLs, headers or bodies. */
export function createHttp({ baseUrl, token, pacer, timeoutMs }: HttpOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  const http = axios.create({ timeout: timeoutMs, maxRedirects: 0, maxContentLength: MOST_BYTES, responseType: 'text', transformResponse: [(text: unknown) => text], validateStatus: () => true });
  return async ({ method, path, query, body, lastLook }) => {
    await pacer.beforeRequest();
    await lastLook?.();
    const headers = { authorization: `Bearer ${await token()}`, accept: 'application/json' };
    const answer = await http.request<string>({ method, url: `${baseUrl}${path}`, params: query, data: body, headers, signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
      throw silence(cause, method);
    });
    await refuse(answer, method, pacer);
    return { body: parse(answer, method), trackingId: header(answer, 'trackingid'), link: header(answer, 'link') };
  };
}

const header = ({ headers }: AxiosResponse, name: string): string | undefined => {
  const value: unknown = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A connection that was never made cannot have had an effect. */
function silence(cause: unknown, method: string): RelinkFailure {
  const code = cause instanceof AxiosError ? (cause.code ?? 'no answer') : 'no answer';
  const never = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
  const type = classify({ mayHaveTakenEffect: method !== 'GET' && !never }) ?? 'VendorUnavailable';
  return new RelinkFailure(type, `no answer (${code})`);
}

async function refuse(answer: AxiosResponse<string>, method: string, pacer: RequestPacer): Promise<void> {
  const { status } = answer;
  const found = status >= 300 && status < 400 ? 'VendorRefused' : classify({ status, mayHaveTakenEffect: method !== 'GET' });
  const type = found === 'MeetingGone' && method === 'POST' ? 'VendorRefused' : found;
  if (type === undefined) return;
  const retryAfterMs = type === 'RateLimited' ? patience(header(answer, 'retry-after')) : undefined;
  if (retryAfterMs !== undefined) await pacer.quietFor(retryAfterMs);
  throw new RelinkFailure(type, `status ${status}`, { status, trackingId: header(answer, 'trackingid'), retryAfterMs });
}

/** Seconds or an HTTP date. */
function patience(text: string | undefined): number {
  const ms = /^\d+$/.test(text ?? '') ? Number(text) * 1000 : Date.parse(text ?? '') - Date.now();
  return Number.isNaN(ms) ? DEFAULT_PATIENCE_MS : Math.min(MOST_PATIENCE_MS, Math.max(1_000, ms));
}

/** Something between us and the vendor answered, or the answer was cut off: what was asked for may have been done. */
function parse(answer: AxiosResponse<string>, method: string): unknown {
  if (answer.status === 204 || !answer.data) return null;
  try {
    return JSON.parse(answer.data);
  } catch {
    const type = method === 'GET' ? 'VendorUnavailable' : 'NetworkAmbiguous';
    throw new RelinkFailure(type, 'the answer is not JSON', { status: answer.status, trackingId: header(answer, 'trackingid') });
  }
}
