"""A batch on a Dask cluster of this machine: the same claims, also when a worker is lost."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from claimx.models import Problem
from conftest import Program

pytest.importorskip("distributed")

ENVIRONMENT = {"DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0", "DASK_LOGGING__DISTRIBUTED": "critical"}


def records(folder: Path, number: int, text: str) -> None:
    lines = (json.dumps({"id": f"{one}", "text": text}) for one in range(number))
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")


def ids(file: Path) -> list[str]:
    return [json.loads(line)["article"]["id"] for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_cluster_writes_the_same(program: Program, tmp_path: Path) -> None:
    records(tmp_path, 300, "Reds struck Blueton.")
    for name, engine in (("local.jsonl", "local"), ("dask.jsonl", "dask")):
        result = program("batch", "in.jsonl", "-o", name, "--workers", "2", "--engine", engine, env=ENVIRONMENT)
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "dask.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no list of child processes on this system")
def test_a_cluster_that_loses_a_worker(program: Program, tmp_path: Path) -> None:
    records(tmp_path, 640, "Reds struck Blueton. PAUSE")
    killed: list[int] = []

    def kill() -> None:
        """End one of the two Dask workers, and whatever it has started, once some shards are kept."""
        while len(list((tmp_path / ".out.jsonl.parts" / "done").rglob("[0-9]*.json"))) < 2:
            time.sleep(0.01)
        workers = [pid for pid in processes() if b"claimx.worker" in command(pid)]
        worker = parent(workers[0])  # the Dask worker that the claimx process works for
        os.kill(worker, signal.SIGKILL)
        killed.append(worker)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    result = program("batch", "in.jsonl", "-o", "out.jsonl", "--workers", "2", "--engine", "dask", env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    assert len(killed) == 1
    assert ids(tmp_path / "out.jsonl") == [str(number) for number in range(640)]


def test_no_scheduler_at_the_address(program: Program, tmp_path: Path) -> None:
    records(tmp_path, 1, "Reds struck Blueton.")
    address = ("--engine", "dask", "--scheduler", "nonsense://x")
    result = program("batch", "in.jsonl", "-o", "out.jsonl", *address, env=ENVIRONMENT)
    assert result.returncode == 2
    assert b"no Dask scheduler at nonsense://x" in b" ".join(result.stderr.replace("│".encode(), b" ").split())


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    from claimx import distributed, extras

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", missing)
    with pytest.raises(Problem) as caught, distributed.client(None, 1):
        pass
    assert caught.value.hint == "pip install 'claimx[dask]'"


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
