import { parseArgs } from 'node:util';
import { kindsProfiles, startSimulators, type SimulatorOptions } from './start-simulators.js';
import { faultProfiles, isFaultProfile } from './webex/faults.js';
import { kinds, type Kind } from './webex/meeting-record.js';
import { readShape } from './webex/seed/shape-file.js';

const flags = {
  port: { type: 'string' },
  'smtp-port': { type: 'string' },
  meetings: { type: 'string' },
  hosts: { type: 'string' },
  seed: { type: 'string' },
  now: { type: 'string' },
  cutoff: { type: 'string' },
  scale: { type: 'string' },
  faults: { type: 'string' },
  rpm: { type: 'string' },
  'creates-identity': { type: 'string' },
  'creates-host': { type: 'string' },
  'list-lag': { type: 'string' },
  'room-lag': { type: 'string' },
  identities: { type: 'string' },
  'rotate-refresh': { type: 'boolean' },
  'token-life': { type: 'string' },
  supports: { type: 'string' },
  kinds: { type: 'string' },
  shape: { type: 'string' },
  'with-parent': { type: 'boolean' },
} as const;

class WrongUse extends Error {}

/** At least `least`, whole unless `fraction`. */
function numberOf(name: string, text: string | undefined, least: number, fraction = false): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || (!fraction && !Number.isInteger(value))) throw new WrongUse(`--${name} must be a number of at least ${least}`);
  return value;
}

function instantOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && Number.isNaN(Date.parse(text))) throw new WrongUse(`--${name} must be an ISO 8601 time`);
  return text;
}

function profileOf(name: string, text: string | undefined): SimulatorOptions['kinds'] {
  const found = kindsProfiles.find((known) => known === text);
  if (text !== undefined && !found) throw new WrongUse(`--${name} must be one of ${kindsProfiles.join(', ')}`);
  return found;
}

function kindsOf(name: string, text: string | undefined): readonly Kind[] | undefined {
  return text?.split(',').map((word) => {
    const kind = kinds.find((known) => known === word.trim());
    if (!kind) throw new WrongUse(`--${name} must be some of ${kinds.join(', ')}, with commas`);
    return kind;
  });
}

function shapeIn(path: string | undefined): SimulatorOptions['shape'] {
  try {
    return path === undefined ? undefined : readShape(path);
  } catch (cause: unknown) {
    throw new WrongUse(`--shape: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function optionsOf(): { options: SimulatorOptions; withParent: boolean } {
  const { values } = parseArgs({ options: flags });
  const faults = values.faults ?? 'none';
  if (!isFaultProfile(faults)) throw new WrongUse(`--faults must be one of ${faultProfiles.join(', ')}`);
  const options = {
    port: numberOf('port', values.port, 0),
    smtpPort: numberOf('smtp-port', values['smtp-port'], 0),
    meetings: numberOf('meetings', values.meetings, 0),
    hosts: numberOf('hosts', values.hosts, 1),
    seed: numberOf('seed', values.seed, 0),
    now: instantOf('now', values.now),
    cutoff: instantOf('cutoff', values.cutoff),
    scale: numberOf('scale', values.scale, 0.001, true),
    rpm: numberOf('rpm', values.rpm, 1),
    createsIdentity: numberOf('creates-identity', values['creates-identity'], 0),
    createsHost: numberOf('creates-host', values['creates-host'], 0),
    roomLag: numberOf('room-lag', values['room-lag'], 0, true),
    listLag: numberOf('list-lag', values['list-lag'], 0, true),
    identities: numberOf('identities', values.identities, 1),
    rotateRefresh: values['rotate-refresh'],
    tokenLife: numberOf('token-life', values['token-life'], 1, true),
    supports: kindsOf('supports', values.supports),
    kinds: profileOf('kinds', values.kinds),
    shape: shapeIn(values.shape),
    faults,
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as SimulatorOptions;
  return { options: given, withParent: values['with-parent'] === true };
}

async function main(): Promise<void> {
  const { options, withParent } = optionsOf();
  const simulators = await startSimulators(options);
  const end = (): void => {
    simulators.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (withParent) process.stdin.once('end', end).once('error', end).resume();
  const { webex, smtp, control } = simulators;
  const { tokens, ...first } = webex;
  process.stdout.write(`${JSON.stringify({ webex: tokens.length > 1 ? webex : first, smtp, control })}\n`);
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = cause instanceof WrongUse || (cause instanceof TypeError && 'code' in cause) ? 2 : 1;
});
