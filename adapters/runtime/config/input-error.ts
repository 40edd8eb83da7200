export interface InputFault {
  /** As the user wrote it. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number | undefined;
  /** 1-based. */
  readonly column?: number | undefined;
  /** Path of the key, e.g. `notices.digestEvery`. */
  readonly key?: string | undefined;
  readonly problem: string;
  readonly remedy: string;
}

/** Something a user wrote cannot be used. One message: file, line, key, problem, remedy. Nothing was changed. */
export class InputError extends Error {
  constructor(readonly fault: InputFault) {
    const { file, line, key, problem, remedy } = fault;
    const place = line === undefined ? file : `${file}:${line}`;
    const message = [place, ...(key ? [key] : []), `${problem}; ${remedy}`].join(': ');
    super(message.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
    this.name = 'InputError';
  }
}
