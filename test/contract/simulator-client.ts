import { startSimulators, type SimulatorOptions, type Simulators } from '../../simulators/start-simulators.js';

export type Fields = Record<string, unknown>;
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Fields;
}

/** A plain client of the simulators: no retries, no opinions. */
export class Client {
  constructor(
    readonly simulators: Simulators,
    private readonly token = simulators.webex.token,
    private readonly seen: (exchange: { method: string; path: string; query: string; body?: unknown; reply: Reply }) => void = () => undefined,
  ) {}

  get = (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Reply> => this.call('GET', path, query, undefined, headers);
  post = (path: string, body: unknown, query: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Reply> => this.call('POST', path, query, body, headers);
  patch = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> => this.call('PATCH', path, {}, body, headers);
  put = (path: string, body: unknown, query: Record<string, string> = {}): Promise<Reply> => this.call('PUT', path, query, body);
  delete = (path: string, query: Record<string, string> = {}): Promise<Reply> => this.call('DELETE', path, query);

  /** All items of a list, page by page, with the number of pages. */
  async all(path: string, query: Record<string, string>): Promise<{ items: Fields[]; pages: number }> {
    const items: Fields[] = [];
    let next: URL | null = new URL(`${this.simulators.webex.url}${path}?${new URLSearchParams(query)}`);
    let pages = 0;
    while (next) {
      const reply: Reply = await this.get(next.pathname.replace(/^\/v1/, ''), Object.fromEntries(next.searchParams));
      if (reply.status !== 200) throw new Error(`page answered ${reply.status}`);
      items.push(...(reply.body['items'] as Fields[]));
      pages += 1;
      const link = /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
      next = link === undefined ? null : new URL(link);
    }
    return { items, pages };
  }

  async control<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.simulators.control}/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
    return (response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text) as T;
  }

  private async call(method: string, path: string, query: Record<string, string>, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${this.simulators.webex.url}${path}${search ? `?${search}` : ''}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const reply = { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Fields) : {} };
    this.seen({ method, path, query: search, body, reply });
    return reply;
  }
}

const running: Simulators[] = [];

/** Started for one test; `stopAll` ends it. */
export async function start(options: SimulatorOptions = {}): Promise<Client> {
  const simulators = await startSimulators({ meetings: 0, hosts: 4, ...options });
  running.push(simulators);
  return new Client(simulators);
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((simulators) => simulators.stop()));
}

/** Addresses of the people who may host on their first site, in the order of the list. */
export async function hostsOf(client: Client): Promise<string[]> {
  const { items } = await client.all('/people', { max: '1000' });
  return items.filter(({ siteUrls }) => (siteUrls as string[]).some((site) => !site.endsWith('#attendee'))).map(({ emails }) => (emails as string[])[0] ?? '');
}

/** When this file began: a run across midnight plans and compares by one calendar. */
const LOADED = Date.now();
export const inDays = (days: number, hour = 10): string => `${new Date(LOADED + days * 86_400_000).toISOString().slice(0, 10)}T${hour}:00:00Z`;

/** The occurrences of a series from now on, as the vendor lists them. */
export async function occurrencesOf(client: Client, hostEmail: string, meetingSeriesId: string, more: Record<string, string> = {}): Promise<(Fields & { id: string; start: string; end: string })[]> {
  const query = { hostEmail, meetingSeriesId, meetingType: 'scheduledMeeting', from: new Date().toISOString(), to: wide.to, max: '100', ...more };
  return (await client.all('/meetings', query)).items as (Fields & { id: string; start: string; end: string })[];
}

/** A meeting that an organiser planned before the flaw was repaired. */
export async function legacy(client: Client, hostEmail: string, more: Fields = {}): Promise<Fields & { id: string; webLink: string }> {
  const planned = { hostEmail, title: 'Vorla Teskum', start: inDays(3), end: inDays(3, 11), createdAt: '2024-01-10T08:00:00Z', ...more };
  return client.control('POST', 'meetings', planned);
}

/** Body of `POST /meetings` that makes a replacement of what `legacy` made. */
export const replacementBody = (hostEmail: string, more: Fields = {}): Fields => ({
  hostEmail,
  title: 'Vorla Teskum',
  start: inDays(3),
  end: inDays(3, 11),
  timezone: 'UTC',
  sendEmail: false,
  ...more,
});

/** Everything about the future. */
export const wide = { from: new Date(Date.now() - 400 * 86_400_000).toISOString(), to: new Date(Date.now() + 1800 * 86_400_000).toISOString(), max: '100' };
