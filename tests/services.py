"""Do the PostgreSQL and the Redis named by TEST_DATABASE_URL and TEST_REDIS_URL answer?

`python -m tests.services` says what does not, one line each, and exits with 1.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import redis

if TYPE_CHECKING:
    from collections.abc import Iterator


def missing() -> Iterator[str]:
    database = os.environ.get("TEST_DATABASE_URL", "")
    if not database:
        yield "TEST_DATABASE_URL is not set"
    else:
        try:
            psycopg.connect(urlsplit(database)._replace(path="/postgres").geturl(), connect_timeout=3).close()
        except psycopg.Error as error:
            yield f"PostgreSQL at TEST_DATABASE_URL does not answer: {str(error).splitlines()[0]}"
    queue = os.environ.get("TEST_REDIS_URL", "")
    if not queue:
        yield "TEST_REDIS_URL is not set"
    else:
        try:
            redis.Redis.from_url(queue, socket_connect_timeout=3, socket_timeout=3).ping()
        except redis.RedisError as error:
            yield f"Redis at TEST_REDIS_URL does not answer: {str(error).splitlines()[0]}"


if __name__ == "__main__":
    found = list(missing())
    sys.stderr.write("".join(f"{line}\n" for line in found))
    sys.exit(bool(found))
