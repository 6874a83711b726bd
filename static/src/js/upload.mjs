// Evidence page: drop files anywhere on the panel, send as soon as they are
// chosen, show progress. Without this file the same form posts the same field
// with an "Upload" button and the server draws the same list.
const form = document.querySelector('[data-dkh-upload]')

if (form && 'DataTransfer' in window) {
  const input = form.querySelector('input[type="file"]')
  const panel = form.querySelector('.dkh-drop')
  const heading = form.querySelector('#files')
  const list = form.querySelector('.dkh-files')
  const status = form.querySelector('[role="status"]')
  const template = form.querySelector('template')
  const csrf = form.querySelector('[name="csrfmiddlewaretoken"]')
  const button = form.querySelector('[data-dkh-upload-button]')
  const words = form.dataset // every sentence here comes from the page, in its language
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)

  // Disabled as well as hidden: Enter in a text box would press it.
  button.hidden = true
  button.disabled = true
  form.querySelector('[data-dkh-drop-hint]').hidden = false

  // One at a time: the first reply sets the cookie that the next request needs.
  const queue = []
  let sending = false
  let waiting = null // the button pressed while files were on their way
  let goOnWords = '' // what it said

  const add = (files) => {
    for (const file of files) {
      const row = template.content.firstElementChild.cloneNode(true)
      row.querySelector('.dkh-file__name').textContent = file.name // text, never markup
      for (const span of row.querySelectorAll('button span')) span.textContent = ` ${file.name}`
      const [again, remove] = row.querySelectorAll('button')
      again.addEventListener('click', () => {
        enqueue(file, row)
        heading.focus()
      })
      remove.addEventListener('click', () => {
        row.remove()
        heading.focus()
      })
      if (/^image\//.test(file.type)) {
        const img = new Image()
        img.alt = ''
        img.onload = () => URL.revokeObjectURL(img.src)
        img.onerror = () => img.remove() // a kind this browser cannot show
        img.src = URL.createObjectURL(file) // needs img-src blob: in the policy
        row.querySelector('.dkh-file__thumb').replaceChildren(img)
      }
      list.append(row)
      enqueue(file, row)
    }
  }

  const enqueue = (file, row) => {
    row.classList.remove('dkh-file--bad')
    const [, meta, actions] = row.querySelectorAll('p')
    meta.className = 'dkh-file__meta'
    meta.textContent = words.waiting
    actions.hidden = true
    queue.push({ file, row, meta, actions })
    next()
  }

  const next = () => {
    if (sending) return
    const item = queue.shift()
    if (item) send(item)
    else if (waiting) goOn()
  }

  const send = ({ file, row, meta, actions }) => {
    sending = true
    meta.textContent = words.uploading
    const body = new FormData()
    body.append(input.name, file)
    const request = new XMLHttpRequest() // fetch still has no upload progress
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) meta.textContent = say(words.percent, { percent: Math.round((e.loaded / e.total) * 100) })
    }
    request.upload.onload = () => { meta.textContent = words.checking }
    const done = () => {
      sending = false
      next()
    }
    const failed = () => {
      row.classList.add('dkh-file--bad')
      meta.className = 'govuk-error-message'
      meta.textContent = words.failed
      actions.hidden = false
      status.textContent = say(words.failedName, { name: file.name })
      done()
    }
    request.onload = () => {
      // The server answers with the finished row, drawn by the same template, and the new heading.
      const reply = new DOMParser().parseFromString(request.responseText, 'text/html')
      const fresh = reply.querySelector('.dkh-file') // a page of a proxy or an error has none
      if (!fresh) return failed()
      heading.textContent = reply.querySelector('h2').textContent
      const present = document.getElementById(fresh.id)
      const problem = fresh.querySelector('.govuk-error-message')
      if (present) row.remove() // the same file again: the row that is there may have a caption
      else row.replaceWith(document.importNode(fresh, true))
      status.textContent = present
        ? say(words.again, { name: file.name })
        : problem
          ? say(words.refused, { name: file.name, problem: problem.lastChild.textContent.trim() })
          : say(words.added, { name: file.name })
      done()
    }
    request.onerror = failed
    request.onabort = failed
    request.open('POST', form.dataset.dkhUpload)
    request.setRequestHeader('X-CSRFToken', csrf.value)
    request.send(body)
  }

  // A button pressed while files are on their way is pressed again when they are there.
  form.addEventListener('submit', (e) => {
    if (!sending && !queue.length) {
      const lost = list.querySelector('.dkh-file--bad:not([id])')
      if (!lost || !e.submitter || e.submitter.name !== 'continue') return
      e.preventDefault() // it never reached the server: nobody should think it was sent
      lost.querySelector('button').focus()
      return
    }
    e.preventDefault()
    if (waiting || !e.submitter) return
    waiting = e.submitter
    if (waiting.name === 'continue') {
      goOnWords = waiting.textContent
      waiting.textContent = words.hold
    }
    status.textContent = words.hold
  })

  const goOn = () => {
    const pressed = waiting
    waiting = null
    if (pressed.name !== 'continue') return form.requestSubmit(pressed)
    pressed.textContent = goOnWords
    const bad = list.querySelector('.dkh-file--bad')
    if (bad) bad.querySelector('button').focus()
    else form.requestSubmit(pressed)
  }

  input.addEventListener('change', () => {
    add(input.files)
    input.value = ''
  })
  panel.addEventListener('dragover', (e) => {
    e.preventDefault()
    panel.classList.add('dkh-drop--over')
  })
  panel.addEventListener('dragleave', () => panel.classList.remove('dkh-drop--over'))
  panel.addEventListener('drop', (e) => {
    e.preventDefault()
    panel.classList.remove('dkh-drop--over')
    add(e.dataTransfer.files)
  })
}
