// Enhancements for the staff pages. Every page works without this file.
import { createAll } from 'govuk-frontend/dist/govuk/init.mjs'
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs'
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs'
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs'
import { ServiceNavigation } from 'govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'
import { FilterToggleButton } from '@ministryofjustice/frontend/moj/components/filter-toggle-button/filter-toggle-button.mjs'
import { MultiSelect } from '@ministryofjustice/frontend/moj/components/multi-select/multi-select.mjs'
import { SortableTable } from '@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs'
import { lock } from './lock.mjs'
import { passkeys } from './passkey.mjs'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const Component of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios, ServiceNavigation, SkipLink, FilterToggleButton, MultiSelect, SortableTable]) createAll(Component)

passkeys()
lock()

// How many letters are ticked, said once when it changes.
for (const form of document.querySelectorAll('[data-dkh-batch]')) {
  const text = form.querySelector('[data-dkh-batch-count]')
  const update = () => {
    const n = form.querySelectorAll('tbody input[type="checkbox"]:checked').length
    text.textContent = n === 1 ? '1 letter selected' : `${n} letters selected`
  }
  form.addEventListener('change', update)
  update()
}

// Letter form: ask the server for a new picture of the letter when typing stops.
for (const form of document.querySelectorAll('[data-dkh-preview]')) {
  const img = document.querySelector('[data-dkh-preview-image]')
  const status = document.querySelector('[data-dkh-preview-status]')
  document.querySelector('[data-dkh-preview-button]').hidden = true
  status.textContent = 'Up to date'
  let timer
  let latest = 0
  let asking
  // A picture that nobody waits for any more, or of a letter that is being decided, is not asked for.
  const stop = () => {
    clearTimeout(timer)
    asking?.abort()
  }
  form.addEventListener('submit', stop)
  form.addEventListener('input', () => {
    stop()
    timer = setTimeout(async () => {
      const mine = ++latest
      asking = new AbortController()
      const { signal } = asking
      status.textContent = 'Updating'
      try {
        const reply = await fetch(form.dataset.dkhPreview, { method: 'POST', body: new FormData(form), signal })
        if (reply.status === 422) {
          const why = await reply.text()
          if (mine === latest) status.textContent = why
          return
        }
        if (!reply.ok) throw new Error(reply.statusText)
        const url = URL.createObjectURL(await reply.blob())
        if (mine !== latest) return
        img.onload = () => URL.revokeObjectURL(url)
        img.src = url
        status.textContent = 'Up to date'
      } catch {
        if (!signal.aborted) status.textContent = 'Preview not updated'
      }
    }, 600)
  })
  // What was typed came back with an error, so the picture does not show it yet.
  if ('dkhPreviewNow' in form.dataset) form.dispatchEvent(new Event('input'))
}

// A draft is kept while it is typed. Its version goes with it, so that two people never overwrite each other: whoever
// comes second is told, and nothing more of theirs is kept until they have looked at both.
for (const form of document.querySelectorAll('[data-dkh-autosave]')) {
  const status = form.querySelector('[data-dkh-autosave-status]')
  let timer
  let saving
  let isStopped = 'dkhPreviewNow' in form.dataset // what came back with an error waits for the button
  const save = async () => {
    try {
      const reply = await fetch(form.dataset.dkhAutosave, { method: 'POST', body: new FormData(form) })
      if (![200, 409, 422].includes(reply.status) || !reply.headers.get('Content-Type').includes('json')) throw new Error(reply.statusText)
      const answer = await reply.json()
      if (reply.ok) form.elements.version.value = answer.version
      isStopped = reply.status === 409
      status.textContent = answer.said
    } catch {
      status.textContent = 'Not saved yet. It is tried again when you type on.'
    }
    saving = undefined
  }
  form.addEventListener('input', () => {
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(async () => { await saving; saving = save() }, 2500)
  })
  // The button waits for what is on its way, or it would carry a version that is old by its own doing.
  form.addEventListener('submit', event => {
    clearTimeout(timer)
    if (!saving) return
    event.preventDefault()
    const { submitter } = event
    saving.then(() => form.requestSubmit(submitter))
  })
}

// Template studio: put a field where the cursor is.
for (const button of document.querySelectorAll('[data-dkh-insert]')) {
  const into = document.getElementById(button.dataset.dkhInto)
  button.hidden = false
  button.addEventListener('click', () => {
    into.setRangeText(button.dataset.dkhInsert, into.selectionStart, into.selectionEnd, 'end')
    into.focus()
    into.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
