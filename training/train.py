"""Train the bundled pipeline, from the data folder to the finished model.

    python training/train.py DATA OUT

DATA is the folder that training/README.md describes. OUT receives the work of each step and, at the end, `OUT/model`,
which is what ships as `src/claimx/model`. A finished step leaves `OUT/done/STEP`; a run that was broken off goes on
after the last of them. One thread and fixed seeds, so that the same data and versions on the same machine give the
same model.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
# Sums in a different order differ in their last digits, and training makes much of little.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}

Step = tuple[str, list[str | Path]]  # its name, and what Python is to run


def steps(data: Path, out: Path) -> Iterator[Step]:
    """The steps in their order."""
    sets = out / "data"
    vectors = sets / "vectors"
    spacy: list[str | Path] = ["-m", "spacy"]
    yield "prepare", [HERE / "prepare.py", data, sets]
    yield "vectors", [HERE / "vectors.py", sets / "words.txt", sets / "words.floret"]
    floret = ["--mode", "floret", "--attr", "LOWER", "--name", "claimx.vectors"]
    yield "vector-table", [*spacy, "init", "vectors", "en", sets / "words.floret", vectors, *floret]
    for part in ("syntax", "names"):
        config = out / f"{part}.cfg"
        yield f"{part}-config", [*spacy, "init", "fill-config", HERE / f"{part}.cfg", config]
        labelled = ["--paths.train", sets / f"{part}-train.spacy", "--paths.dev", sets / f"{part}-dev.spacy"]
        yield f"{part}-train", [*spacy, "train", config, "-o", out / part, "--paths.vectors", vectors, *labelled]
    yield "assemble", [HERE / "assemble.py", out / "syntax" / "model-best", out / "names" / "model-best", out / "model"]
    yield "evaluate", [HERE / "evaluate.py", out / "model", sets, "--card"]


def main(data: Path, out: Path) -> int:
    done = out / "done"
    done.mkdir(parents=True, exist_ok=True)
    for name, arguments in steps(data.resolve(), out.resolve()):
        if (done / name).exists():
            print(f"== {name}: done before", flush=True)
            continue
        print(f"== {name}", flush=True)
        ended = subprocess.run([sys.executable, *map(str, arguments)], env={**os.environ, **ENVIRONMENT}, check=False)
        if ended.returncode:
            print(f"{name} failed; the same command goes on from here", file=sys.stderr)
            return ended.returncode
        (done / name).touch()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
