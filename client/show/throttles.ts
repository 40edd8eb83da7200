import { throttleRemedy, throttleText, type ThrottleOrder } from '../../domain/throttle.js';
import type { Colours } from '../io.js';
import { table } from './format.js';

/** What is in force, a line each, with who ordered it and why, and the command that takes it off. */
export const throttleLines = (campaign: string, throttles: readonly ThrottleOrder[] = [], colours: Colours): readonly string[] =>
  throttles.map((order) => `${colours.yellow(`Throttled: ${throttleText(order)}`)}, by ${order.by} at ${order.at}: ${order.reason}. Take it off with ${throttleRemedy(campaign)}.`);

/** All orders there were: who, when and why. */
export function throttleOrderLines(orders: readonly ThrottleOrder[] = [], colours: Colours): readonly string[] {
  if (orders.length === 0) return [];
  return ['', ...table(['throttled', 'at', 'by', 'reason'], orders.map((order) => [throttleText(order), order.at, order.by, order.reason]), colours)];
}

/** Of all orders those that are in force: of each limit the last, unless it was taken off. */
export const inForce = (orders: readonly ThrottleOrder[]): readonly ThrottleOrder[] =>
  orders.filter(({ id, limit, of, value }) => value !== null && !orders.some((later) => later.id > id && later.limit === limit && later.of === of));
