declare module 'http-link-header' {
  /** The package ships no types. RFC 8288. */
  const link: { parse(header: string): { rel(name: string): readonly { readonly uri: string }[] } };
  export default link;
}
