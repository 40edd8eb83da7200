import type { Memory } from '../../../domain/ports.js';

/** Of a reading that nobody repeats. */
export const none: Memory = { recall: (_, ask) => ask() };
