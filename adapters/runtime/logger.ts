import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import { pino, type LevelWithSilent, type LogFn, type Logger as PinoLogger } from 'pino';
import { scrubFields, scrubText } from './scrub.js';

export { describeError } from './scrub.js';
/** pino without children: it hands their fields to the line past every formatter, and so past `scrub`. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export interface LoggerSettings {
  /** Of the program, e.g. `relink-worker`. */
  readonly name: string;
  readonly level: LevelWithSilent;
  /** `stderr` (the default), or the path of a file that is appended to (0600). */
  readonly destination?: string | undefined;
}

/**
 * JSON, one line per event, with ISO time. Call it with a static message plus fields: `logger.info({ lane }, 'lane drained')`.
 * Whatever is logged passes `scrub`, at any depth; pino's own `redact` names paths of a fixed depth, so it is not used.
 * Lines are written before the call returns, so that a crash loses none.
 */
export function createLogger({ name, level, destination = 'stderr' }: LoggerSettings): Logger {
  const target = destination === 'stderr' ? { dest: 2 } : { dest: destination, mkdir: true, mode: 0o600 };
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => scrubFields(fields), bindings: (fields) => scrubFields(fields) },
      serializers: { err: (error: unknown) => error }, // made plain by `scrub` before it comes here
      hooks: { logMethod },
    },
    pino.destination({ ...target, sync: true }),
  );
}

/**
 * pino takes the message of an error for the message of the line, and fills values into it; neither happens here,
 * since what stands in a message cannot be hidden by name.
 */
function logMethod(this: PinoLogger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, second] = args as readonly unknown[];
  if (typeof first === 'string') return method.call(this, scrubText(first));
  const fields = first instanceof Error ? { err: first } : first;
  method.call(this, fields, typeof second === 'string' ? scrubText(second) : 'no message');
}

/** On every line of the SDK, and of no use to a reader. */
const noise: ReadonlySet<string> = new Set(['taskToken', 'isLocal', 'namespace', 'memo', 'searchAttributes', 'timestampNanos', 'workflowInfo', 'activityInfo']);

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<LogLevel, string>;

/** The Temporal SDK's logger on top of ours, for `Runtime.install({ logger })`. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void => logger[levels[level]](quiet(meta), message);
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}

/** `error` is the SDK's name for what pino calls `err`. */
const quiet = (meta: LogMetadata): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(meta)
      .filter(([key]) => !noise.has(key))
      .map(([key, value]) => [key === 'error' ? 'err' : key, value as unknown]),
  );
