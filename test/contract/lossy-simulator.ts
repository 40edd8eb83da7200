import type { ConferencingVendor } from '../../domain/ports.js';
import { LossyLine } from '../support/lossy-line.js';
import { subject } from '../support/webex-answers.js';
import { hostsOf, start, type Client } from './simulator-client.js';

/** A simulated vendor without limits, and a second way to it on which answers get lost. */
export class LossySimulator {
  client!: Client;
  line!: LossyLine;
  /** Addresses; the first is `hostEmail`. */
  hosts: readonly string[] = [];

  /** Registers start and stop with jest. The file still ends with `stopAll`. */
  static inThisBlock(): LossySimulator {
    const simulated = new LossySimulator();
    beforeAll(async () => {
      simulated.client = await start({ rpm: 10 ** 6 });
      simulated.hosts = await hostsOf(simulated.client);
      simulated.line = await LossyLine.open(new URL(simulated.client.simulators.webex.url).origin);
    });
    afterAll(() => simulated.line.close());
    return simulated;
  }

  get hostEmail(): string {
    return this.hosts[0] ?? '';
  }

  readonly webexAt = (baseUrl: string): ConferencingVendor => subject(baseUrl, { token: this.client.simulators.webex.token }).webex;
  readonly webex = (): ConferencingVendor => this.webexAt(this.client.simulators.webex.url);
}
