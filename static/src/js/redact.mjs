// Redaction: boxes can be dragged on the picture, and moved with the keyboard. The numbers in the form are the truth;
// this file only writes them, and draws what they say.
const SVG = 'http://www.w3.org/2000/svg'
const SIDES = ['left', 'top', 'width', 'height']
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const SMALLEST = 6 // a slip of the hand is no box

for (const form of document.querySelectorAll('[data-dkh-redact]')) {
  const picture = document.querySelector('[data-dkh-boxes]')
  const list = form.querySelector('[data-dkh-box-list]')
  const blank = form.querySelector('[data-dkh-box-new]')
  const status = form.querySelector('[data-dkh-boxes-status]')
  const nothing = form.querySelector('[data-dkh-nothing]')
  const { width: across, height: down } = picture.viewBox.baseVal
  for (const drawn of picture.querySelectorAll('rect:not([data-dkh-suggested]), text')) drawn.remove()
  picture.classList.add('is-live')

  const field = (set, name) => set.querySelector(`[name$="-${name}"]`)
  const read = (set) => SIDES.map((name) => Number.parseInt(field(set, name).value, 10))
  const write = (set, numbers) => SIDES.forEach((name, at) => { field(set, name).value = Math.round(numbers[at]) })
  const say = (words) => { status.textContent = words }

  const draw = (set) => {
    const [left, top, width, height] = read(set)
    const { rect, label } = set.dkhDrawn
    const whole = [left, top, width, height].every(Number.isFinite) && width > 0 && height > 0
    for (const part of [rect, label]) part.toggleAttribute('hidden', !whole)
    if (!whole) return
    rect.setAttribute('x', left)
    rect.setAttribute('y', top)
    rect.setAttribute('width', width)
    rect.setAttribute('height', height)
    label.setAttribute('x', left)
    label.setAttribute('y', top)
  }

  const inside = ([left, top, width, height]) => {
    const w = Math.max(1, Math.min(width, across))
    const h = Math.max(1, Math.min(height, down))
    return [Math.max(0, Math.min(left, across - w)), Math.max(0, Math.min(top, down - h)), w, h]
  }

  const adopt = (set) => {
    const number = set.dataset.dkhBox
    const rect = picture.appendChild(document.createElementNS(SVG, 'rect'))
    const label = picture.appendChild(document.createElementNS(SVG, 'text'))
    rect.setAttribute('class', 'dkh-box')
    rect.setAttribute('tabindex', '0')
    rect.setAttribute('role', 'img')
    rect.setAttribute('aria-label', `Box ${number}. Move it with the arrow keys, change its size with Shift and an arrow.`)
    label.setAttribute('class', 'dkh-box__label')
    label.setAttribute('dx', '0.4em')
    label.setAttribute('dy', '1.1em')
    label.setAttribute('aria-hidden', 'true')
    label.textContent = number
    set.dkhDrawn = { rect, label }
    draw(set)
    set.addEventListener('input', () => draw(set))
    rect.addEventListener('keydown', (event) => {
      const move = MOVES[event.key]
      if (event.key === 'Delete') return set.querySelector('[name="remove"]').click()
      if (!move) return
      event.preventDefault()
      event.stopPropagation()
      const step = event.altKey ? 1 : 5
      const [left, top, width, height] = read(set)
      const next = event.shiftKey
        ? [left, top, Math.min(width + move[0] * step, across - left), Math.min(height + move[1] * step, down - top)]
        : [left + move[0] * step, top + move[1] * step, width, height]
      write(set, inside(next))
      draw(set)
      const [x, y, w, h] = read(set)
      say(`Box ${number}: left ${x}, top ${y}, width ${w}, height ${h}`)
    })
    rect.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      event.stopPropagation()
      const start = read(set)
      const from = point(event)
      follow(event, rect, (to) => {
        write(set, inside([start[0] + to.x - from.x, start[1] + to.y - from.y, start[2], start[3]]))
        draw(set)
      })
    })
    return rect
  }

  const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse())

  const follow = (event, element, moved, ended = () => {}) => {
    element.setPointerCapture(event.pointerId)
    const move = (next) => moved(point(next))
    const end = (next) => {
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', end)
      element.removeEventListener('pointercancel', end)
      ended(point(next))
    }
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', end)
    element.addEventListener('pointercancel', end)
  }

  const between = (from, to) => {
    const [left, right] = [from.x, to.x].map((x) => Math.max(0, Math.min(x, across))).sort((a, b) => a - b)
    const [top, bottom] = [from.y, to.y].map((y) => Math.max(0, Math.min(y, down))).sort((a, b) => a - b)
    return [left, top, right - left, bottom - top]
  }

  const add = (numbers) => {
    const number = list.querySelectorAll('[data-dkh-box]').length + 1
    const set = blank.content.firstElementChild.cloneNode(true)
    set.dataset.dkhBox = number
    for (const element of set.querySelectorAll('[id], [name], [for]')) {
      for (const name of ['id', 'name', 'for']) {
        const value = element.getAttribute(name)
        if (value) element.setAttribute(name, value.replace('box0', `box${number}`))
      }
    }
    set.querySelector('[name="remove"]').value = number
    for (const told of set.querySelectorAll('[data-dkh-box-number]')) told.textContent = number
    list.append(set)
    write(set, numbers)
    form.elements.count.value = number
    nothing.hidden = true
    adopt(set).focus()
    say(`Box ${number} added. Choose why it is covered.`)
  }

  for (const set of list.querySelectorAll('[data-dkh-box]')) adopt(set)

  picture.addEventListener('dragstart', (event) => event.preventDefault())
  picture.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    const from = point(event)
    const rubber = picture.appendChild(document.createElementNS(SVG, 'rect'))
    rubber.setAttribute('class', 'dkh-box--new')
    follow(event, picture, (to) => {
      const [x, y, width, height] = between(from, to)
      for (const [name, value] of Object.entries({ x, y, width, height })) rubber.setAttribute(name, value)
    }, (to) => {
      rubber.remove()
      const numbers = between(from, to)
      if (numbers[2] >= SMALLEST && numbers[3] >= SMALLEST) add(numbers)
    })
  })
}
