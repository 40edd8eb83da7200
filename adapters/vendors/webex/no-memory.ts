import type { Memory } from '../../../domain/ports.js';

/** Of a reading that nobody repeats. */
export const none: Memory = { recall: (_, ask) => ask() };

/** Within one reading: what was asked for one purpose is not asked again for another. */
export function withinOneReading(): Memory {
  const told = new Map<string, unknown>();
  return {
    async recall<T>(key: string, ask: () => Promise<T>): Promise<T> {
      if (!told.has(key)) told.set(key, await ask());
      return told.get(key) as T;
    },
  };
}
