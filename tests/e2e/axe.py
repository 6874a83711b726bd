"""What axe finds on a page, and whether it scrolls sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Colours take longer than all other rules together, and come from the style sheets: of what is drawn alike, inside
# the same elements, one is looked at in a whole run. Every other rule looks at everything.
MARK_UNSEEN = """seen => {
  const known = new Set(seen), unseen = [];
  const drawn = each => [each.tagName, each.className, each.getAttribute('aria-current'), each.disabled].join(' ');
  for (const each of document.body.querySelectorAll('*')) {
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
  return unseen;
}"""
# Nothing is fetched again for axe: that is for rules about films, and about pages that lock the screen's orientation.
RUN = """colours => axe.run({
  resultTypes: ['violations'], preload: false, rules: {'color-contrast': {enabled: colours}}
}).then(results => results.violations)"""
seen: dict[int, list[str]] = {}  # by width


def problems(page: Page, size: dict[str, int], *, colours: bool = True) -> list[str]:
    """Without colours: where they are those of another width and of other words."""
    if not page.evaluate("'axe' in window"):  # once for each page, as it is large
        page.evaluate(AXE_SCRIPT)
    if colours:
        looked_at = seen.setdefault(size["width"], [])
        looked_at += page.evaluate(MARK_UNSEEN, looked_at)
    found = [
        f"{page.url} at {size['width']}: {violation['id']}: {node['html'][:160]}"
        for violation in page.evaluate(RUN, colours)
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url} scrolls sideways at {size['width']}")
    return found
