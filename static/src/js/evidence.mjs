// Looking at evidence, and redacting it.
import './redact.mjs'

// The viewer's keys: each follows a link that is on the page anyway, so everything works without this file.
const links = new Map([...document.querySelectorAll('[data-dkh-key]')].map((link) => [link.dataset.dkhKey, link]))
for (const hint of document.querySelectorAll('[data-dkh-keys]')) hint.hidden = false

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, audio, [data-dkh-boxes]')) return
  // An enlarged picture is wider than its frame: there, arrows move it.
  const stage = event.target.closest('.dkh-viewer__stage')
  if (stage && stage.scrollWidth > stage.clientWidth && event.key.startsWith('Arrow')) return
  const link = links.get(event.key === '=' ? '+' : event.key.length === 1 ? event.key.toLowerCase() : event.key)
  if (!link) return
  event.preventDefault()
  link.click()
})

// Printing exists only where it can work.
for (const block of document.querySelectorAll('[data-dkh-print]')) {
  block.hidden = false
  block.querySelector('button').addEventListener('click', () => window.print())
}
