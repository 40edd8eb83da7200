import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import type { Reply } from './simulator-client.js';

// It wants an ESM package, which jest cannot load, to read documents given by path. Ours is given as an object.
jest.mock('openapi-backend/refparser', () => ({ parse: (document: unknown) => Promise.resolve(document) }));

type Schema = Record<string, unknown>;

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

async function backend(): Promise<OpenAPIBackend> {
  const text = plainMedia(readFileSync(join(packageRoot(), 'test/contract/openapi/webex-subset.json'), 'utf8'));
  const definition = closed(JSON.parse(text)) as Document;
  return new OpenAPIBackend({ definition, validate: true, coerceTypes: true, quick: true, ajvOpts: { strict: false, coerceTypes: false } }).init();
}

/** The vendor's own links to the next page are opaque. */
function withoutCursor(query: string): string {
  const known = new URLSearchParams(query);
  known.delete('cursor');
  return known.toString();
}

/** Holds exchanges against the vendor's own document. */
export class Specification {
  private constructor(private readonly api: OpenAPIBackend) {}

  static async load(): Promise<Specification> {
    return new Specification(await backend());
  }

  /** @returns the operation and what of the exchange is not as the document says; `operation` is null when it knows none. */
  check({ method, path, query, body, reply }: { method: string; path: string; query: string; body?: unknown; reply: Reply }): { operation: string | null; faults: string[] } {
    const request = { method, path, query: withoutCursor(query), body, headers: { 'content-type': 'application/json' } };
    const operation = this.api.matchOperation(request);
    if (!operation?.operationId) return { operation: null, faults: [`no operation ${method} ${path}`] };
    const asked = reply.status < 300 ? (this.api.validateRequest(request, operation).errors ?? []) : [];
    const answered = reply.status === 200 ? (this.api.validateResponse(reply.body, operation, 200).errors ?? []) : [];
    const named = Object.keys(operation.responses ?? {});
    const unnamed = reply.status < 300 && !named.includes(String(reply.status)) ? [`status ${reply.status} is not in the document`] : [];
    return { operation: operation.operationId, faults: [...[...asked, ...answered].map((fault) => `${fault.instancePath} ${fault.message} ${JSON.stringify(fault.params)}`), ...unnamed] };
  }

  operations(): readonly string[] {
    return this.api.getOperations().map(({ operationId }) => operationId ?? '');
  }
}
