import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { environment } from '../adapters/runtime/env.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** One picture of a running campaign: in full for a terminal, in one line for a log. */
export interface Board {
  readonly block: readonly string[];
  readonly line: string;
}

/** A stream that a person reads. */
export interface Screen {
  readonly colours: Colours;
  /** Columns to fill. */
  readonly width: number;
  line(text?: string): void;
  /** On a terminal the board takes the place of the one before; elsewhere its line is printed when it differs from the last. */
  draw(board: Board): void;
}

/** What a command may see of the world around it. */
export interface Io {
  /** Data. */
  readonly out: Screen;
  /** Progress and errors. */
  readonly err: Screen;
  /** `null` when nobody is there to answer. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

type Stream = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

export function processIo(): Io {
  // `relink status | head` closes the pipe early: that is no error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (cause: NodeJS.ErrnoException) => void (cause.code === 'EPIPE' && process.exit(0)));
  const noColour = environment().noColor;
  const asks = process.stdin.isTTY && process.stderr.isTTY;
  return { out: createScreen(process.stdout, noColour), err: createScreen(process.stderr, noColour), ask: asks ? ask : null };
}

async function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}

export function createScreen(stream: Stream, noColour: boolean): Screen {
  const isTerminal = stream.isTTY === true;
  let drawn = 0;
  let last = '';
  const write = (text: string): void => void stream.write(text);
  return {
    colours: pc.createColors(isTerminal && !noColour),
    get width() {
      return Math.max(40, stream.columns ?? 100);
    },
    line(text = '') {
      drawn = 0; // what stands above now stays
      write(`${text}\n`);
    },
    draw({ block, line }) {
      if (!isTerminal) {
        if (line !== last) write(`${line}\n`);
        last = line;
        return;
      }
      const shown = block.slice(0, Math.max(1, (stream.rows ?? 24) - 1));
      write(`${drawn > 0 ? `\u001B[${drawn}F\u001B[0J` : ''}${shown.join('\n')}\n`);
      drawn = shown.length;
    },
  };
}
