"""What a school's big day costs: letters from two workers at once, and 800 of them in one print-ready PDF.

`python -m tests.benchmarks.letters` runs this before it compares; each part is a process of its own, so that its
memory is its own too.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from typing import Any

WORKERS, EACH, WARM_UP = 2, 30, 4
BATCH, DIFFERENT = 800, 8


def two_workers(keys: list[int], htmls: list[str]) -> None:
    """`keys` are of queued letters, WORKERS * (EACH + WARM_UP) of them; `htmls` is one page for each, printed bare."""
    bare, _ = _together(_print, htmls)
    rate, memory = _together(_work, keys)
    print(f"two workers: {rate:.1f} letters a second, {memory} MB at most in one of them")
    print(f"bare in two processes: {bare:.1f}, so two workers make {rate / bare:.2f} of that")


def _together(work: Any, things: list[Any]) -> tuple[float, int]:
    """How many a second in WORKERS processes at once, and the most memory in MB that one of them had."""
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(WORKERS), context.Queue()
    share = EACH + WARM_UP
    workers = [
        context.Process(target=work, args=(things[n * share : (n + 1) * share], start, done)) for n in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    spans = [done.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    took = max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans)
    return WORKERS * EACH / took, max(peak for _, _, peak in spans)


def one_batch(number: int) -> None:
    context = multiprocessing.get_context("spawn")
    done = context.Queue()
    maker = context.Process(target=_put_together, args=(number, done))
    maker.start()
    took, memory, told, pages, size = done.get(timeout=600)
    maker.join()
    print(
        f"{BATCH} letters in one PDF: {took:.1f} s, {pages} pages, {size / 1e6:.0f} MB, progress told {told} times, "
        f"{memory} MB of memory at most"
    )


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _work(keys: list[int], start: Any, done: Any) -> None:
    import django

    django.setup()
    from letters.sealing import make_letter

    for key in keys[:WARM_UP]:
        assert make_letter(key)
    start.wait(timeout=600)
    began = time.monotonic()
    for key in keys[WARM_UP:]:
        assert make_letter(key)
    done.put((began, time.monotonic(), peak_mb()))


def _print(htmls: list[str], start: Any, done: Any) -> None:
    import django

    django.setup()
    import weasyprint
    from django.conf import settings

    from letters.rendering import options, press

    tools = press()

    def bare(html: str) -> None:
        page = weasyprint.HTML(string=html, base_url=settings.LETTER_ASSETS_DIR)
        assert page.write_pdf(font_config=tools.fonts, **options(tools))

    for html in htmls[:WARM_UP]:
        bare(html)
    start.wait(timeout=600)
    began = time.monotonic()
    for html in htmls[WARM_UP:]:
        bare(html)
    done.put((began, time.monotonic(), peak_mb()))


def _put_together(pk: int, done: Any) -> None:
    import django

    django.setup()
    from letters import batches
    from letters.models import PrintBatch

    told = 0
    tell = batches._tell

    def counted(*arguments: Any) -> None:
        nonlocal told
        told += 1
        tell(*arguments)

    batches._tell = counted  # type: ignore[assignment]
    began = time.monotonic()
    assert batches.make_batch(pk)
    took = time.monotonic() - began
    batch = PrintBatch.objects.get(pk=pk)
    done.put((took, peak_mb(), told, batch.pages, batch.file.size))
