/** As a host bundles its program for Node, with esbuild: `FORMAT OUT`; the program shows some HTML. */
import { build } from 'esbuild'
import { showing } from './showing.mjs'

const [format, outfile = ''] = process.argv.slice(2)
await build({
  stdin: { contents: showing, resolveDir: import.meta.dirname },
  outfile,
  bundle: true,
  platform: 'node',
  format: format === 'esm' ? 'esm' : 'cjs',
  // What esbuild asks for wherever CommonJS that requires Node's own modules goes into an ES module.
  ...(format === 'esm' && {
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  }),
})
