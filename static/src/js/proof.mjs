// Only while very many reports come in: computes what the server asks for (ALTCHA's
// proof of work) and puts the answer into the form. Where it cannot, waiting is enough.
const field = document.querySelector('[data-dkh-proof]')

const solve = async ({ algorithm, challenge, salt, signature, maxnumber }) => {
  const encoder = new TextEncoder()
  for (let number = 0; number <= maxnumber; number++) {
    const digest = new Uint8Array(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)))
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (hex === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }))
  }
  return ''
}

if (field && window.crypto && crypto.subtle) {
  const task = JSON.parse(field.dataset.dkhProof)
  const answer = solve({ ...task, maxnumber: task.maxnumber || task.maxNumber })
  let solved = false
  answer.then((value) => {
    field.value = value
    solved = true
  })
  // Pressed before the answer is there: sent as soon as it is.
  field.form.addEventListener('submit', (event) => {
    if (solved || (event.submitter && event.submitter.name === 'language')) return
    event.preventDefault()
    answer.then(() => field.form.requestSubmit())
  })
}
