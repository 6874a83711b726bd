// Enhancements for the parent pages. Every page works without this file.
import { createAll } from 'govuk-frontend/dist/govuk/init.mjs'
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs'
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { ExitThisPage } from 'govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs'
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'

// GOV.UK Frontend looks for this class. Setting it here, not in an inline
// script, keeps the content security policy free of hashes and nonces.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const Component of [Button, Checkboxes, ErrorSummary, ExitThisPage, Radios, SkipLink]) createAll(Component)

// "Print this page" and "Copy" only exist where they can work.
for (const button of document.querySelectorAll('[data-dkh-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
