/** No quoted local parts, comments, lists or control characters: nothing that could address anybody else, or end a header. */
const PLAIN_ADDRESS = /^[^\s\p{C}"(),:;<>@[\\\]]+@[^\s\p{C}"(),:;<>@[\\\]]+$/u;

/** Whether this is exactly one mailbox; whether it exists is for the mail server to say. */
export const isUsableAddress = (email: string): boolean => email.length <= 320 && PLAIN_ADDRESS.test(email);
