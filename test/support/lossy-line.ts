import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEEP_ALIVE_MS } from './scripted-vendor.js';

/** A line to a vendor that lets every request through and loses some answers: the effect is there, and nobody is told. */
export class LossyLine {
  /** `METHOD path` without ids, of the answers that were lost. */
  readonly lost: string[] = [];
  private losing: RegExp | null = null;
  private readonly server = createServer((message, response) => void this.pass(message, response).catch(() => response.destroy()));

  private constructor(private readonly to: string) {}

  /** @param to address of the vendor, without a path */
  static async open(to: string): Promise<LossyLine> {
    const line = new LossyLine(to);
    line.server.keepAliveTimeout = KEEP_ALIVE_MS;
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Loses the next answer to a request that fits, `METHOD /path`. */
  loseNext(request: RegExp): void {
    this.losing = request;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const { authorization = '', 'content-type': type = 'application/json', hostemail, siteurl } = message.headers;
    const headers = { authorization, 'content-type': type, ...(typeof hostemail === 'string' ? { hostemail } : {}), ...(typeof siteurl === 'string' ? { siteurl } : {}) };
    const answer = await fetch(`${this.to}${message.url ?? ''}`, { method: message.method ?? 'GET', headers, ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
    const text = await answer.text();
    const request = `${message.method} ${(message.url ?? '').replace(/\?.*/, '')}`;
    if (this.losing?.test(request)) {
      this.losing = null;
      this.lost.push(request.replaceAll(/\/[0-9a-f]{32}[^/]*/g, '/:id'));
      return void response.destroy();
    }
    const link = answer.headers.get('link');
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain', trackingid: answer.headers.get('trackingid') ?? '', ...(link ? { link } : {}) });
    response.end(text);
  }
}
