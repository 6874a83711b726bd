"""The rules in semgrep.yml find what they are for, and nothing in the portal. Not asked where semgrep is not set up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SEMGREP = shutil.which("semgrep", path=os.pathsep.join([str(ROOT / ".semgrep" / "bin"), os.environ["PATH"]]))
pytestmark = pytest.mark.skipif(SEMGREP is None, reason="needs semgrep: see script/semgrep")

FORBIDDEN = {
    "query-by-hand": "def f(cursor, q):\n    cursor.execute(f'select {q}')\n",
    "own-address-from-request": "def f(request):\n    return request.build_absolute_uri('/')\n",
    "redirect-to-what-was-typed": "def f(request):\n    return redirect(request.GET['next'])\n",
    "fetches-what-was-typed": "import requests\n\ndef f(url):\n    return requests.get(url)\n",
    "shell": "import os\n\ndef f(x):\n    os.system(x)\n",
    "unpickles": "import pickle\n\ndef f(x):\n    return pickle.loads(x)\n",
    "publishes-inside-a-transaction": "def f(task):\n    with transaction.atomic():\n        task.delay(1)\n",
    "weak-hash": "import hashlib\n\ndef f(x):\n    return hashlib.md5(x)\n",
    "secret-compared-in-steps": "def f(x, y):\n    return x.token_hash == y\n",
    "view-reads-around-the-door": "def f(pk):\n    return get_object_or_404(Case, pk=pk)\n",
}


def findings(folder: Path, *where: str) -> list[tuple[str, str]]:
    asked = [str(SEMGREP), "scan", "--config", str(ROOT / "semgrep.yml"), "--json", "--quiet", "--no-git-ignore"]
    run = subprocess.run(
        [*asked, "--metrics=off", "--disable-version-check", *where],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return [(each["check_id"].rpartition(".")[2], each["path"]) for each in json.loads(run.stdout)["results"]]


def test_v1_2_4_nothing_in_the_portal_is_forbidden():
    assert findings(ROOT, "dkh_conduct", "incidents", "letters") == []


def test_every_rule_finds_what_it_is_for(tmp_path):
    for rule, text in FORBIDDEN.items():
        file = tmp_path / "dkh_conduct" / rule.replace("-", "_") / "views.py"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    found = {rule for rule, path in findings(tmp_path, "dkh_conduct") if rule.replace("-", "_") in path}

    rules = {line.split()[-1] for line in (ROOT / "semgrep.yml").read_text().splitlines() if line.startswith("  - id:")}
    assert found == rules == set(FORBIDDEN)
