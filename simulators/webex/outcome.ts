import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SECOND } from '../support/clock.js';
import type { Fault } from './faults.js';
import { errorBody, htmlBody, type Answer, type VendorError } from './http.js';
import type { Refusal } from './limits.js';

/** What an error body says. */
interface Failure {
  readonly message: string;
  readonly details: readonly string[];
}

/** What became of a request: the answer, and what the log is to know. */
export interface Outcome {
  readonly answer: Answer & { readonly html?: string; readonly failure?: Failure };
  readonly fault: Fault | null;
  readonly effect: boolean;
  readonly refusedBy: Refusal['scope'] | null;
}

type Breaking = Exclude<Fault, { kind: 'rate-limit' | 'slow' | 'empty-page' }>;

export const refused = (cause: VendorError): Outcome => ({
  answer: { status: cause.status, failure: { message: cause.message, details: cause.details } },
  fault: null,
  effect: false,
  refusedBy: null,
});

/** The vendor's 429 is HTML; seconds are real ones, at least one. */
export const overLimit = ({ scope, retryAfterMs }: Refusal): Outcome => ({
  answer: { status: 429, html: htmlBody(429), headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / SECOND))) } },
  fault: null,
  effect: false,
  refusedBy: scope,
});

export function broken(fault: Breaking): Outcome {
  const nothing = { fault, effect: false, refusedBy: null };
  if (!('status' in fault)) return { ...nothing, answer: { status: 0, body: undefined } };
  const told = fault.html ? { html: htmlBody(fault.status) } : { failure: { message: 'Something went wrong on the server.', details: [] } };
  return { ...nothing, answer: { status: fault.status, body: undefined, ...told } };
}

export function send(response: ServerResponse, { status, body, failure, html, headers }: Outcome['answer'], n: number): void {
  if (status === 0) {
    response.socket?.resetAndDestroy();
    return;
  }
  const trackingId = `SIM_${randomUUID()}_${n}`;
  const type = html === undefined ? 'application/json;charset=UTF-8' : 'text/html';
  response.writeHead(status, { trackingid: trackingId, ...(status === 204 ? {} : { 'content-type': type }), ...headers });
  if (html !== undefined) response.end(html);
  else if (status === 204) response.end();
  else response.end(JSON.stringify(failure ? errorBody(failure.message, failure.details, trackingId) : body));
}
