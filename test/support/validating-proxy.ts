import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { KEEP_ALIVE_MS } from './scripted-vendor.js';
import { Specification } from './vendor-document.js';

/**
 * Stands between an adapter and a vendor, passes everything on as it is, and holds each exchange against the vendor's official
 * document, both sides of it. Answers that are no JSON, and connections that break, are what a vendor's gateways do: the document
 * has nothing on them, so then the request alone is held against it.
 */
export class ValidatingProxy {
  /** By operation, place and rule; never with a value. */
  readonly violations: string[] = [];
  /** How many exchanges of each operation were held against the document in full. */
  readonly seen = new Map<string, number>();
  private readonly server: Server;

  private constructor(
    private readonly upstream: URL,
    private readonly spec: Specification,
  ) {
    this.server = createServer((message, response) => {
      this.pass(message, response).catch(() => response.destroy());
    });
  }

  /** @param upstream base URL of the vendor, without a slash at its end */
  static async before(upstream: string): Promise<ValidatingProxy> {
    const proxy = new ValidatingProxy(new URL(upstream), await Specification.load());
    proxy.server.keepAliveTimeout = KEEP_ALIVE_MS;
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.upstream.pathname}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(message);
    const answer = await this.forward(message, body);
    if (answer === undefined) {
      this.hold(message, body, { status: 200 });
      return void response.destroy();
    }
    this.hold(message, body, answer);
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }

  /** @returns nothing when the connection broke. */
  private async forward({ method, url = '', headers }: IncomingMessage, body: string): Promise<{ status: number; headers: IncomingMessage['headers']; text: string } | undefined> {
    const { hostname, port } = this.upstream;
    const request = ask({ hostname, port, method, path: url, headers });
    request.end(body);
    try {
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
    } catch {
      return undefined;
    }
  }

  private hold({ method = '', url = '', headers }: IncomingMessage, body: string, answer: { readonly status: number; readonly headers?: IncomingMessage['headers']; readonly text?: string }): void {
    const { pathname, searchParams } = new URL(url, this.upstream);
    const isJson = answer.status === 204 || answer.headers?.['content-type']?.startsWith('application/json') === true;
    const exchange = {
      method,
      path: pathname.slice(this.upstream.pathname.length),
      query: searchParams.toString(),
      contentType: headers['content-type'],
      body: body === '' ? undefined : (JSON.parse(body) as unknown),
      reply: isJson ? { status: answer.status, body: answer.text ? (JSON.parse(answer.text) as unknown) : null } : { status: 500, body: null },
    };
    const { operation, faults } = this.spec.check(exchange, true);
    if (operation !== null && isJson && answer.status < 300) this.seen.set(operation, (this.seen.get(operation) ?? 0) + 1);
    this.violations.push(...faults.map((fault) => `${operation ?? ''} ${fault}`));
  }
}
