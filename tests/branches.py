"""Which lines and branches of rights, policy and verbs no test takes.

`coverage run -m pytest …`, then `python -m tests.branches`: each file that has one, and 1 where rights or policy do.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage

ROOT = Path(__file__).parent.parent
# Who somebody is, what they may, and every QuerySet that asks; then the policy.
RIGHTS = (
    *("dkh_conduct/accounts/*.py", "incidents/models/*.py", "letters/models/*.py"),
    *("dkh_conduct/reading.py", "dkh_conduct/looked.py", "dkh_conduct/headers.py"),
    *("dkh_conduct/leaving.py", "dkh_conduct/new_role.py", "incidents/casework/handing_over.py"),
    *("dkh_conduct/school/chain*.py", "dkh_conduct/school/database_user.py"),
    *("incidents/casework/door.py", "incidents/casework/conflicts.py", "incidents/casework/referrals.py"),
    *("incidents/casework/leads.py", "incidents/triage/conflicts.py", "incidents/triage/safeguarding.py"),
)
POLICY = ("incidents/policy/*.py",)
# A verb writes in a transaction. These write in the transaction of the verb that calls them.
VERB = "transaction.atomic"
OF_VERBS = (
    *("incidents/notices.py", "incidents/casework/case_lock.py", "incidents/casework/step_effects.py"),
    *("incidents/evidence/custody.py", "incidents/evidence/destroying.py", "incidents/triage/telling.py"),
)


def groups() -> dict[str, list[str]]:
    rights, policy = (_files(*patterns) for patterns in (RIGHTS, POLICY))
    written = [
        file
        for folder in ("incidents", "letters", "dkh_conduct/school")
        for file in _files(f"{folder}/**/*.py")
        if "/management/" not in file and VERB in (ROOT / file).read_text()
    ]
    return {"rights": rights, "policy": policy, "verbs": sorted({*written, *OF_VERBS} - {*rights, *policy})}


def _files(*patterns: str) -> list[str]:
    return sorted(str(file.relative_to(ROOT)) for pattern in patterns for file in ROOT.glob(pattern))


def main() -> int:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        run = Coverage(config_file=str(ROOT / "pyproject.toml"))
        run.load()
        run.json_report(outfile=str(report))
        measured: dict[str, Any] = json.loads(report.read_text())["files"]
    missing = {name: _told(name, files, measured) for name, files in groups().items()}
    return int(missing["rights"] + missing["policy"] > 0)


def _told(name: str, files: list[str], measured: dict[str, Any]) -> int:
    """Prints the group; how many lines and branches of it were not taken."""
    total = Counter[str]()
    for file in files:
        found = measured[file]
        total.update({key: count for key, count in found["summary"].items() if isinstance(count, int)})
        if found["missing_lines"] or found["missing_branches"]:
            ways = ", ".join(f"{start}>{end}" for start, end in found["missing_branches"])
            print(f"{file}: lines {found['missing_lines'] or 'all'}; branches {ways or 'all'}")  # noqa: T201
    branches, partly = total["num_branches"], total["missing_branches"]
    print(  # noqa: T201
        f"{name}: {len(files)} files; {total['covered_lines']} of {total['num_statements']} lines; "
        f"{branches - partly} of {branches} branches",
        flush=True,
    )
    return total["missing_lines"] + partly


if __name__ == "__main__":
    sys.exit(main())
