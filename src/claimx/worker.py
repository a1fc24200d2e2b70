"""A process that does shards: `python -m claimx.worker`, started by crew.py.

It reads frames from standard input and writes frames to standard output: first a Setup, answered by a Problem's cause
and hint or by two empty strings once the engine is loaded, then lists of articles, each answered by a Done. A frame is
a length (8 bytes, little-endian) and as many bytes of MessagePack.
"""

import contextlib
import ctypes
import os
import signal
import sys
from typing import Any, BinaryIO

import msgspec

from claimx.models import Article, Problem
from claimx.shards import Setup, loaded, process

Answer = tuple[str, str]  # cause and hint of what is wrong with the setup

_encoder = msgspec.msgpack.Encoder(enc_hook=str)  # of what msgpack does not know there are only paths
LENGTH = 8
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def send(stream: BinaryIO, record: Any) -> None:
    data = _encoder.encode(record)
    stream.write(len(data).to_bytes(LENGTH, "little"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO, kind: Any) -> Any:
    """The next frame, a record of that kind, or None where the other side has gone away."""
    size = stream.read(LENGTH)
    if len(size) < LENGTH:
        return None
    data = stream.read(int.from_bytes(size, "little"))
    if len(data) < int.from_bytes(size, "little"):
        return None
    return msgspec.msgpack.decode(data, type=kind, dec_hook=lambda wanted, value: wanted(value))


def main() -> None:
    with contextlib.suppress(OSError, AttributeError):  # where there is no such call, the end of the input must do
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not fall among the frames
    tasks = sys.stdin.buffer
    with contextlib.suppress(BrokenPipeError):
        work(tasks, answers)


def work(tasks: BinaryIO, answers: BinaryIO) -> None:
    setup = receive(tasks, Setup)
    if setup is None:
        return
    try:
        extractor = loaded(setup)
    except Problem as problem:
        send(answers, (problem.cause, problem.hint))
        return
    send(answers, ("", ""))
    while (articles := receive(tasks, list[Article])) is not None:
        # words first seen in these articles are forgotten with them: memory stays what it is
        with extractor.nlp.memory_zone() if extractor.nlp else contextlib.nullcontext():
            done = process(articles, setup)
        send(answers, done)


if __name__ == "__main__":
    main()
