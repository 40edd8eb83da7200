import { canonical } from './canonical.js';

type Settings = Readonly<Record<string, unknown>>;

interface Compared {
  /** `meetingOptions.enabledChat` of settings that hold others. */
  readonly field: string;
  readonly verdict: 'equal' | 'intended' | 'different';
}

/**
 * Every setting that any of the three has, once: what is in `intended` must be shown so, of the rest the vendor may show what it likes.
 * @param open settings to whose members the vendor may add others
 */
export function settingVerdicts(legacy: Settings, intended: Settings, shown: Settings, open: readonly string[] = []): readonly Compared[] {
  const [was, must, is] = [legacy, intended, shown].map((settings) => new Map(leaves(settings)));
  const fields = new Set([...(was?.keys() ?? []), ...(must?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...fields].map((field) => {
    const whole = wholeOf(field);
    const isGoverned = must?.has(field) === true || (Object.hasOwn(intended, whole) && !open.includes(whole));
    if (isGoverned && !isSame(must?.get(field), is?.get(field))) return { field, verdict: 'different' };
    return { field, verdict: isSame(was?.get(field), is?.get(field)) ? 'equal' : 'intended' };
  });
}

/** Settings, each as a whole, in which the two are not alike. */
export const settingsThatDiffer = (a: Settings, b: Settings): readonly string[] =>
  [...new Set(settingVerdicts(a, {}, b).flatMap(({ field, verdict }) => (verdict === 'equal' ? [] : [wholeOf(field)])))];

/** What is off may be left out of an answer. */
const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b) || (isOff(a) && isOff(b));
const isOff = (value: unknown): boolean => value === false || value === undefined;

/** A list is one value: its order may mean something. */
function leaves(settings: Settings, within = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const field = `${within}${name}`;
    return isObject(value) ? leaves(value, `${field}.`) : [[field, value] as const];
  });
}

const wholeOf = (field: string): string => field.split('.')[0] ?? field;

export const isObject = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);
