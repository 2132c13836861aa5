/** How a client finds it. */
export const urlOf = ({ port }: { readonly port: number }): string =>
  `esdb://127.0.0.1:${String(port)}?tls=false`
