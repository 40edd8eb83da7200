import type { JsonObject } from './meeting-record.js';

export interface VendorRequest {
  /** Call number, from 1. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON, `undefined` when there was none. */
  readonly body: unknown;
  /** Parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** Who asks: one token is one identity and one client. */
  readonly identity: string;
  /** Where this server is reached, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: JsonObject | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log: the meeting it was about. */
  readonly meetingId?: string | undefined;
  readonly mailsPeople?: boolean;
}

export type Handler = (request: VendorRequest) => Answer;

/** An answer that says no. The message is the vendor's prose, on which nobody may rely. */
export class VendorError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

export const notFound = (): VendorError => new VendorError(404, 'The requested resource could not be found.', ['The meeting is not found.']);
export const badRequest = (...details: string[]): VendorError => new VendorError(400, 'The input parameters contain invalid items.', details);

/** The vendor's error body. `errors` may be absent. */
export const errorBody = (message: string, details: readonly string[], trackingId: string): JsonObject => ({
  message,
  ...(details.length > 0 ? { errors: details.map((description) => ({ description })) } : {}),
  trackingId,
});

export const htmlBody = (status: number): string =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

interface Route {
  readonly method: string;
  readonly parts: readonly string[];
  readonly handler: Handler;
}

/** Paths like `/v1/meetings/:meetingId`. */
export class Router {
  private readonly routes: Route[] = [];

  on(method: string, pattern: string, handler: Handler): this {
    this.routes.push({ method, parts: pattern.split('/'), handler });
    return this;
  }

  /** @throws VendorError 404 for an unknown path, 405 for a known one with another method. */
  find(method: string, path: string): { handler: Handler; params: Record<string, string> } {
    const parts = path.split('/');
    const fitting = this.routes.filter((route) => fits(route.parts, parts));
    const route = fitting.find((candidate) => candidate.method === method);
    if (!route) throw fitting.length > 0 ? new VendorError(405, 'Method Not Allowed') : notFound();
    const params = route.parts.flatMap((part, i) => (part.startsWith(':') ? [[part.slice(1), decodeURIComponent(parts[i] ?? '')] as const] : []));
    return { handler: route.handler, params: Object.fromEntries(params) };
  }
}

const fits = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((part, i) => part === parts[i] || (part.startsWith(':') && parts[i] !== ''));
