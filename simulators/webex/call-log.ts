/** One request to the vendor's API, without anything personal. */
export interface Call {
  /** Counts from 1. */
  readonly n: number;
  /** Orders calls and mails of the same millisecond. */
  readonly tick: number;
  /** Milliseconds since the epoch, when the request had arrived. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Query with personal values replaced by `…`. */
  readonly query: string;
  /** `identity-1`, `identity-2`, … or `unknown`. */
  readonly identity: string;
  /** 0: the connection was reset. */
  readonly status: number;
  /** The meeting that the request named or made; of an occurrence the id of its series. */
  readonly meetingId: string | null;
  /** For whom it was made: `person-1`, `person-2`, …; null when it names nobody. */
  readonly host: string | null;
  readonly fault: string | null;
  /** Whether the request did what it asked for, even when the answer says otherwise. */
  readonly effect: boolean;
  /** Set when a limit refused it. */
  readonly refusedBy: 'rate' | 'creates-identity' | 'creates-host' | null;
  /** The vendor would have mailed people about it. */
  readonly mailsPeople: boolean;
}

const open = ['meetingType', 'scheduledType', 'from', 'to', 'current', 'max', 'isModified', 'state', 'sendEmail', 'panelist', 'cursor'];

/** `hostEmail`, `meetingNumber`, `webLink` and the like keep their name only. */
export function publicQuery(query: URLSearchParams): string {
  return [...query].map(([name, value]) => `${name}=${open.includes(name) ? value : '…'}`).join('&');
}

export class CallLog {
  readonly calls: Call[] = [];
  private number = 0;

  /** The number of the next call. */
  next(): number {
    return ++this.number;
  }

  add(call: Call): void {
    this.calls.push(call);
  }

  since(n: number): readonly Call[] {
    return this.calls.filter((call) => call.n > n);
  }
}
