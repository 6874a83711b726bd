"""The queue without Redis: a message is whole or not there, and a damaged one stops nobody."""

from __future__ import annotations

from pathlib import Path
from queue import Empty
from threading import Thread

import pytest
from kombu import Connection

from dkh_conduct import celery

assert celery.app  # which names the transport


@pytest.fixture
def channel(tmp_path):
    folders = {name: tmp_path / name for name in ("messages", "control", "processed")}
    for folder in folders.values():
        folder.mkdir()
    options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["processed"]),
        "store_processed": True,
    }
    with Connection("files://localhost//", transport_options=options) as connection:
        yield connection.channel()


def test_messages_come_out_in_the_order_they_went_in(channel):
    channel._put("celery", {"number": 1})
    channel._put("celery", {"number": 2, "name": "Siân 😀"})

    assert [channel._get("celery") for _ in range(2)] == [{"number": 1}, {"number": 2, "name": "Siân 😀"}]
    with pytest.raises(Empty):
        channel._get("celery")


@pytest.mark.parametrize("earlier", [999_999_999, 1])
def test_the_order_holds_when_the_clock_grows_a_digit(channel, monkeypatch, earlier):
    for number, now in enumerate([earlier, earlier * 10, earlier * 100]):
        monkeypatch.setattr("dkh_conduct.queue_of_files.time.time_ns", lambda now=now: now)
        channel._put("celery", {"number": number})

    assert [channel._get("celery")["number"] for _ in range(3)] == [0, 1, 2]


def test_nobody_finds_a_message_that_is_being_written(channel, monkeypatch):
    found = []
    rename = Path.rename

    def look_first(path, target):
        try:
            found.append(channel._get("celery"))
        except Empty:
            found.append("nothing")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", look_first)
    channel._put("celery", {"number": 1})

    assert found == ["nothing"]
    assert channel._get("celery") == {"number": 1}


def test_a_damaged_message_is_taken_out_and_the_next_is_read(channel):
    Path(channel.data_folder_in, f"{0:020d}_damaged.celery.msg").write_bytes(b"")
    channel._put("celery", {"number": 2})

    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("celery") == {"number": 2}


def test_a_list_of_queues_that_is_being_written_is_waited_for(channel):
    half_written = Path(channel.control_folder, "celery.exchange")
    half_written.write_bytes(b"")
    finished = Thread(target=half_written.write_bytes, args=(b"[]",))
    finished.start()

    channel._queue_bind("celery", "", "", "celery")

    finished.join()
    assert [queue.queue for queue in channel.get_table("celery")] == ["celery"]


def test_a_worker_that_waits_for_a_message_looks_up_within_half_a_second(channel, monkeypatch):
    """To see whether it is to stop. Whoever stopped the portal waited three seconds for that."""
    slept = []
    monkeypatch.setattr("kombu.transport.virtual.base.sleep", slept.append)
    monkeypatch.setattr("kombu.transport.virtual.base.monotonic", lambda: sum(slept))

    with pytest.raises(TimeoutError):
        channel.connection.client.drain_events(timeout=2.0)

    assert 0 < sum(slept) <= 0.5
