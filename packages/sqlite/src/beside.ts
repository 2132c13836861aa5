import { parse } from 'node:path'

export const MEMORY = ':memory:'

/** `support.db` → `support.keys.db`. */
export const beside = (path: string, what: 'keys' | 'blobs' | 'search'): string => {
  if (path === MEMORY) return MEMORY
  const { dir, name, ext } = parse(path)
  return `${dir === '' || dir.endsWith('/') ? dir : `${dir}/`}${name}.${what}${ext}`
}
