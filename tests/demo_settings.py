"""The product's own settings, but a password is worked on no longer than a test may wait.

For a demo school that tests sign in to again and again. `tests/test_scripts.py` signs in with the product's own hasher.
"""

from __future__ import annotations

from dkh_conduct.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.quick_hasher.QuickHasher"]
