// Builds the stylesheets and scripts, and copies the fonts, images and licences
// they ship with, into static/dist. Run by `npm ci && npm run build`; the result is
// committed, so that running and testing the portal need no Node.
import { compile, Logger } from 'sass'
import { build } from 'esbuild'
import rtlcss from 'rtlcss'
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const src = 'static/src'
const out = 'static/dist'
rmSync(out, { recursive: true, force: true })
for (const dir of ['css', 'js', 'fonts', 'images', 'licences']) mkdirSync(join(out, dir), { recursive: true })

const quiet = {
  ...Logger.silent,
  warn (message, options) {
    // MOJ Frontend 11 still calls one deprecated GOV.UK mixin; ours must stay clean.
    if (/govuk-text-colour/.test(message)) return
    process.stderr.write(`warning: ${message}\n${options.stack ?? ''}\n`)
  }
}

const images = new Set(['crest.svg']) // the favicon, and the letterhead
for (const name of ['parent', 'staff']) {
  const { css } = compile(`${src}/scss/${name}.scss`, { loadPaths: ['.'], style: 'compressed', charset: false, logger: quiet })
  writeFileSync(join(out, 'css', `${name}.css`), css)
  // GOV.UK Frontend is written with left and right; pages in Arabic get its mirror image.
  if (name === 'parent') writeFileSync(join(out, 'css', `${name}-rtl.css`), rtlcss.process(css))
  for (const [, file] of css.matchAll(/url\(\.\.\/images\/([\w.-]+)\)/g)) images.add(file)
}
for (const file of images) {
  const own = join(src, 'images', file)
  copyFileSync(existsSync(own) ? own : `node_modules/@ministryofjustice/frontend/moj/assets/images/${file}`, join(out, 'images', file))
}
const font = 'node_modules/@fontsource/atkinson-hyperlegible-next'
for (const weight of [400, 700]) {
  const file = `atkinson-hyperlegible-next-latin-${weight}-normal.woff2`
  copyFileSync(`${font}/files/${file}`, join(out, 'fonts', file))
  const more = `atkinson-hyperlegible-next-latin-ext-${weight}-normal.woff2` // letters: names with other accents
  copyFileSync(`${font}/files/${more}`, join(out, 'fonts', more))
}
copyFileSync(`${font}/LICENSE`, join(out, 'licences', 'atkinson-hyperlegible-next-OFL.txt'))
cpSync(`${src}/licences`, join(out, 'licences'), { recursive: true }) // the packages do not carry theirs
cpSync(`${src}/letters`, join(out, 'letters'), { recursive: true })

await build({
  entryPoints: ['parent', 'upload', 'proof', 'staff', 'evidence'].map((name) => `${src}/js/${name}.mjs`),
  outdir: join(out, 'js'),
  bundle: true,
  format: 'esm',
  target: ['es2018'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8'
})
