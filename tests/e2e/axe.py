"""What axe finds on a page, and whether it scrolls sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Colours take longer than all other rules together, and come from the style sheets: of what is drawn alike, inside
# the same elements, one is looked at in a whole run. Whether a link can be told from its text is a question of colours
# too, asked of every link. Every other rule looks at everything, at every width.
# Nothing is fetched again for axe: that is for rules about films, and about pages that lock the screen's orientation.
LOOK = """async ([colours, seen]) => {
  if (!('axe' in window)) return null;
  const known = new Set(seen), unseen = [];
  const drawn = each => [each.tagName, each.className, each.getAttribute('aria-current'), each.disabled].join(' ');
  for (const each of colours ? document.body.querySelectorAll('*') : []) {
    each.removeAttribute('data-unseen');
    const says = [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says && !each.matches('input, select, textarea')) continue;
    let path = document.documentElement.dir;
    for (let up = each; up; up = up.parentElement) path += '<' + drawn(up);
    if (known.has(path)) continue;
    known.add(path);
    unseen.push(path);
    each.setAttribute('data-unseen', '');
  }
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-unseen]'}]});
  const {violations} = await axe.run({
    resultTypes: ['violations'],
    preload: false,
    rules: {'color-contrast': {enabled: colours}, 'link-in-text-block': {enabled: colours}},
  });
  const found = violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`));
  return {unseen, found};
}"""
seen: dict[int, list[str]] = {}  # by width


def problems(page: Page, size: dict[str, int], *, colours: bool = True) -> list[str]:
    """Without colours: where they are those of another width and of other words."""
    looked_at = seen.setdefault(size["width"], [])
    asked = [colours, looked_at if colours else []]
    said = page.evaluate(LOOK, asked)
    if said is None:  # large, so the browser is given it once: whatever is opened there from now on has it
        page.context.add_init_script(AXE_SCRIPT)
        page.evaluate(AXE_SCRIPT)
        said = page.evaluate(LOOK, asked)
    looked_at += said["unseen"]
    found = [f"{page.url} at {size['width']}: {each}" for each in said["found"]]
    if is_wide(page):
        found.append(f"{page.url} scrolls sideways at {size['width']}")
    return found


def is_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
