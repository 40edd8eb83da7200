/** A mail that the server accepted. */
export interface KeptMail {
  /** Envelope recipients. */
  readonly to: readonly string[];
  readonly messageId: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Orders mails and calls of the same millisecond. */
  readonly tick: number;
}

export const refusals = ['permanent', 'temporary'] as const;
export type Refusal = (typeof refusals)[number];

/** What was accepted, and which addresses refuse. */
export class Mailbox {
  readonly mails: KeptMail[] = [];
  private readonly refusing = new Map<string, Refusal>();

  keep(mail: KeptMail): void {
    this.mails.push(mail);
  }

  /** @param refusal `null` accepts again */
  refuse(address: string, refusal: Refusal | null): void {
    if (refusal === null) this.refusing.delete(address.toLowerCase());
    else this.refusing.set(address.toLowerCase(), refusal);
  }

  refusalOf(address: string): Refusal | undefined {
    return this.refusing.get(address.toLowerCase());
  }
}
