import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface Asked {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, the fields of a form, `undefined` when there was none. */
  readonly body: unknown;
}

/** What goes back. A body that is text goes out as it is, anything else as JSON. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `reset`: the connection breaks. `silence`: no answer ever. `stall`: an answer begins and never ends. `cut`: it ends too early. `drip`: a good one takes a second. */
export type Misbehaviour = 'reset' | 'silence' | 'stall' | 'cut' | 'drip';
export type Answering = Reply | Misbehaviour | ((asked: Asked) => Reply | Misbehaviour);

interface Rule {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly answer: Answering;
}

/** A client that was idle meets no socket that is just being closed. */
export const KEEP_ALIVE_MS = 60_000;

/** A real server on the loopback that says what a test wrote down, and nothing else: an unexpected request fails the test. */
export class ScriptedVendor {
  readonly asked: Asked[] = [];
  private rules: Rule[] = [];
  private readonly unexpected: string[] = [];
  private readonly server = createServer((message, response) => {
    this.serve(message, response).catch((cause: unknown) => response.destroy(cause instanceof Error ? cause : undefined));
  });

  /** Registers start, stop and the check after each test with jest. */
  static inThisFile(): ScriptedVendor {
    const vendor = new ScriptedVendor();
    beforeAll(async () => {
      vendor.server.keepAliveTimeout = KEEP_ALIVE_MS;
      vendor.server.listen(0, '127.0.0.1');
      await once(vendor.server, 'listening');
    });
    afterEach(() => vendor.settle());
    afterAll(() => vendor.stop());
    return vendor;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get baseUrl(): string {
    return `${this.origin}/v1`;
  }

  /** The latest rule that fits answers; of the query it compares only what it names. Path below the base URL. */
  on(method: string, path: string, answer: Answering, query: Rule['query'] = {}): this {
    this.rules.unshift({ method, path, query, answer });
    return this;
  }

  /** Requests so far that fit. */
  to(method: string, path: string): readonly Asked[] {
    return this.asked.filter((asked) => asked.method === method && asked.path === path);
  }

  private settle(): void {
    const unexpected = this.unexpected.splice(0);
    this.rules = [];
    this.asked.length = 0;
    expect(unexpected).toEqual([]);
  }

  private async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(message, this.origin);
    this.asked.push(asked);
    const rule = this.rules.find((candidate) => fits(candidate, asked));
    if (!rule) this.unexpected.push(`${asked.method} ${asked.path}?${asked.query.toString()}`);
    const answer = rule?.answer ?? { status: 418 };
    send(response, typeof answer === 'function' ? answer(asked) : answer);
  }
}

const fits = (rule: Rule, { method, path, query }: Asked): boolean =>
  rule.method === method && rule.path === path && Object.entries(rule.query).every(([name, value]) => query.get(name) === value);

async function read(message: IncomingMessage, origin: string): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const { pathname, searchParams } = new URL(`${origin}${message.url ?? '/'}`);
  return { method: message.method ?? 'GET', path: pathname.replace(/^\/v1/, ''), query: searchParams, headers: message.headers, body: text === '' ? undefined : isForm(message) ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text) };
}

const isForm = ({ headers }: IncomingMessage): boolean => headers['content-type'] === 'application/x-www-form-urlencoded';

function send(response: ServerResponse, answer: Reply | Misbehaviour): void {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    response.destroy();
  } else if (answer === 'drip') {
    drip(response, 200);
  } else if (answer === 'stall' || answer === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
    response.write('{"items":[', () => (answer === 'cut' ? response.destroy() : undefined));
  } else {
    const { status = 200, body, headers } = answer;
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', trackingid: 'TRACK_1', ...headers });
    response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
  }
}

/** A blank every 50 ms, so that the connection is never idle. */
function drip(response: ServerResponse, left: number): void {
  if (left === 0) response.end('{"items":[]}');
  else if (!response.destroyed) response.write(' ', () => setTimeout(() => drip(response, left - 1), 50));
}
