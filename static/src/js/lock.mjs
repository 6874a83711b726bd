// Warns five minutes before a session that nobody uses is locked, and then covers the page without touching what was
// typed. Somebody who types keeps the session open; the server decides, this only tells. Where its owner had to sign in
// anew, the forms of the page are given the token of that session: with their own they would be refused.
const WARN = 5 * 60 * 1000
const TELL_EVERY = 4 * 60 * 1000

export function lock () {
  const dialog = document.querySelector('[data-dkh-lock]')
  if (!dialog || !dialog.showModal) return
  const find = (name) => dialog.querySelector(`[data-dkh-lock-${name}]`)
  const limit = Number(dialog.dataset.dkhLock) * 1000
  const tokens = () => document.querySelectorAll('[name="csrfmiddlewaretoken"]')
  let seen = Date.now()
  let told = seen
  let locked = false

  const stay = async () => {
    seen = told = Date.now()
    const body = new URLSearchParams({ csrfmiddlewaretoken: tokens()[0].value })
    try {
      const answer = await fetch(dialog.dataset.dkhLockStay, { method: 'POST', body, redirect: 'manual' })
      if (answer.status !== 204) show(true)
    } catch {}
  }
  const say = (why) => {
    for (const name of ['still', 'other']) find(name).hidden = name !== why
  }
  const show = (now) => {
    locked = now
    find('heading').textContent = now ? 'This page is locked' : 'Are you still there?'
    find('soon').hidden = now
    find('now').hidden = !now
    dialog.classList.toggle('dkh-lock--now', now)
    if (!dialog.open) dialog.showModal()
  }
  const open = () => {
    locked = false
    say('')
    dialog.classList.remove('dkh-lock--now')
    if (dialog.open) dialog.close()
  }

  for (const kind of ['keydown', 'pointerdown']) {
    document.addEventListener(kind, () => {
      if (dialog.open) return
      seen = Date.now()
      if (seen - told > TELL_EVERY) stay()
    }, { passive: true })
  }
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  dialog.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault()
    if (!locked) {
      open()
      return stay()
    }
    const answer = await fetch(dialog.dataset.dkhLockAsk, { redirect: 'manual' }).catch(() => ({}))
    if (answer.status === 204) {
      for (const field of tokens()) field.value = answer.headers.get('X-CSRF-Token')
      seen = told = Date.now()
      open()
    } else say(answer.status === 409 ? 'other' : 'still')
  })
  setInterval(() => {
    const idle = Date.now() - seen
    if (idle > limit) show(true)
    else if (idle > limit - WARN && !dialog.open) show(false)
  }, 5000)
}
