// Passkeys: hands the server's challenge to the browser and puts the answer into the form. Without script the forms
// stay hidden, and the page offers another way.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const withBytes = ({ publicKey }) => {
  const asked = { ...publicKey, challenge: toBytes(publicKey.challenge) }
  if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) }
  for (const name of ['excludeCredentials', 'allowCredentials']) {
    if (asked[name]) asked[name] = asked[name].map((each) => ({ ...each, id: toBytes(each.id) }))
  }
  return { publicKey: asked }
}

const asJson = (credential) => {
  const response = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = toText(credential.response[name])
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment
  })
}

export function passkeys () {
  if (!window.PublicKeyCredential) return
  for (const part of document.querySelectorAll('[data-dkh-passkey]')) {
    const form = part.matches('form') ? part : part.querySelector('form')
    const field = form.querySelector('[name="credential"]')
    const error = part.querySelector('[data-dkh-passkey-error]')
    part.hidden = false
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      error.hidden = true
      try {
        let options = part.dataset.dkhOptions
        if (!options) {
          const answer = await fetch(form.action, { headers: { 'X-Requested-With': 'XMLHttpRequest' } })
          options = JSON.stringify((await answer.json()).request_options)
        }
        field.value = asJson(await navigator.credentials[part.dataset.dkhPasskey](withBytes(JSON.parse(options))))
        form.submit()
      } catch {
        error.hidden = false
      }
    })
  }
}
