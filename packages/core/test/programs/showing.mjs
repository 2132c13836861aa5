/** What a host's program does that shows HTML from outside, and such a program. */
export const show = `console.log(safeHtml('<p onclick="x">Hi<script>1</script></p>', { remoteImages: 'apart' }))`
export const showing = `import { safeHtml } from '@threadbook/core'\n${show}\n`
