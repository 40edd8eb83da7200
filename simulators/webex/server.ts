import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallLog } from './call-log.js';
import { control, type ControlAnswer, type ControlParts } from './control/control.js';
import { VendorError, type VendorRequest } from './http.js';
import { TOKEN_PATH } from './tokens.js';
import { vendor } from './vendor.js';

export interface VendorServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  stop(): Promise<void>;
}

/** One server on the loopback for both: the vendor's API under /v1, the control API under /_control. */
export async function startVendorServer(port: number, parts: Omit<ControlParts, 'log'>): Promise<VendorServer> {
  const log = new CallLog();
  const answerVendor = vendor(parts, { limits: parts.limits, log, tokens: parts.tokens });
  const answerControl = control({ ...parts, log });
  const stopping = new AbortController();
  let origin = '';

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', origin);
    const at = { url, origin, text: await textOf(message) };
    if (url.pathname.startsWith('/_control/')) return sendControl(response, () => answerControl(controlRequest(message, at)));
    if (url.pathname === TOKEN_PATH) return sendControl(response, () => parts.tokens.renew(message.method ?? '', new URLSearchParams(at.text)));
    return answerVendor(message, response, at, stopping.signal);
  }

  const server = createServer((message, response) => {
    // A client that went away, or the end of the simulator.
    serve(message, response).catch((cause: unknown) => response.destroy(cause instanceof Error ? cause : undefined));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async stop() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const controlRequest = (message: IncomingMessage, { url, origin, text }: { url: URL; origin: string; text: string }): VendorRequest => ({
  n: 0,
  method: message.method ?? 'GET',
  path: url.pathname,
  query: url.searchParams,
  headers: message.headers,
  body: text === '' ? undefined : jsonOf(text),
  params: {},
  identity: 'control',
  origin,
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendControl(response: ServerResponse, answer: () => ControlAnswer): void {
  const { status, body, text, headers } = guarded(answer);
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
}

function guarded(answer: () => ControlAnswer): ControlAnswer {
  try {
    return answer();
  } catch (cause) {
    if (!(cause instanceof VendorError)) throw cause;
    return { status: cause.status, body: { message: cause.message, errors: cause.details } };
  }
}
