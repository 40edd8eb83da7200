import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { packageRoot } from '../../adapters/runtime/package-root.js';

// It wants an ESM package, which jest cannot load, to read documents given by path. Ours is given as an object.
jest.mock('openapi-backend/refparser', () => ({ parse: (document: unknown) => Promise.resolve(document) }));

type Schema = Record<string, unknown>;

/** One request and what came back. */
export interface Exchange {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query: string;
  readonly contentType?: string | undefined;
  readonly body?: unknown;
  readonly reply: { readonly status: number; readonly body: unknown };
}

/** Every object may have the properties that the document names, and no other: an invented field is a mistake of the simulator. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema as Schema).map(([name, value]) => [name, closed(value)] as const);
  const copy = Object.fromEntries(entries);
  return copy['type'] === 'object' && typeof copy['properties'] === 'object' ? { ...copy, additionalProperties: false } : copy;
}

/** The vendor writes media types with a charset, which the validator does not know, and calls the plain object of a PATCH a JSON patch. */
const plainMedia = (text: string): string => text.replaceAll('"application/json;charset=UTF-8"', '"application/json"').replaceAll('"application/json-patch+json"', '"application/json"');

const text = (): string => readFileSync(join(packageRoot(), 'test/contract/openapi/webex-subset.json'), 'utf8');

function backend(): Promise<OpenAPIBackend> {
  const definition = closed(JSON.parse(plainMedia(text()))) as Document;
  return new OpenAPIBackend({ definition, validate: true, coerceTypes: true, quick: true, ajvOpts: { strict: false, coerceTypes: false } }).init();
}

/** Media types of request bodies, by operation. */
function mediaTypes(): ReadonlyMap<string, readonly string[]> {
  const { paths } = JSON.parse(text()) as { paths: Record<string, Record<string, { operationId?: string; requestBody?: { content: object } }>> };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return new Map(operations.map(({ operationId = '', requestBody }) => [operationId, Object.keys(requestBody?.content ?? {})]));
}

/** The vendor's own links to the next page are opaque. */
function withoutCursor(query: string): string {
  const known = new URLSearchParams(query);
  known.delete('cursor');
  return known.toString();
}

/** Statuses that the vendor documents for its whole API, below any of its operations: developer.webex.com, "API Errors". */
const GENERAL_ERRORS = [400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504];

/** Holds exchanges against the vendor's own document. */
export class Specification {
  private readonly media = mediaTypes();
  private constructor(private readonly api: OpenAPIBackend) {}

  static async load(): Promise<Specification> {
    return new Specification(await backend());
  }

  /**
   * @returns the operation and what of the exchange is not as the document says, by place and rule, never by value;
   * `operation` is null when it knows none. Requests that were refused are held against it only with `all`.
   */
  check({ method, path, query, contentType, body, reply }: Exchange, all = false): { operation: string | null; faults: string[] } {
    const request = { method, path, query: withoutCursor(query), body, headers: { 'content-type': 'application/json' } };
    const operation = this.api.matchOperation(request);
    if (!operation?.operationId) return { operation: null, faults: [`no such operation: ${method}`] };
    const { operationId, responses } = operation;
    const asked = all || reply.status < 300 ? (this.api.validateRequest(request, operation).errors ?? []) : [];
    const answered = reply.status === 200 || reply.status === 207 ? (this.api.validateResponse(reply.body, operation, reply.status).errors ?? []) : [];
    const known = [...Object.keys(responses ?? {}).map(Number), ...GENERAL_ERRORS].includes(reply.status);
    const media = contentType === undefined || body === undefined || this.media.get(operationId)?.includes(contentType) === true;
    const faults = [...asked, ...answered].map((fault) => `${fault.instancePath} ${fault.message} ${JSON.stringify(fault.params)}`);
    return { operation: operationId, faults: [...faults, ...(known ? [] : [`status ${reply.status} is not in the document`]), ...(media ? [] : ['the media type is not in the document'])] };
  }

  operations(): readonly string[] {
    return this.api.getOperations().map(({ operationId }) => operationId ?? '');
  }
}
