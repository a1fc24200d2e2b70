"""Write the expected outputs anew: python tests/golden/renew.py

`tests/golden/NAME.json` is what `claimx extract --json seeds/NAME.txt` prints from the root of the repository; the
picture in README.md is the beginning of what `claimx extract seeds/consulate-truck-bomb.txt` prints. Look at every
difference before you commit it.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from tables import update  # noqa: E402

PICTURE = "seeds/consulate-truck-bomb.txt"
SHOWN = 3  # claims in the picture


def claimx(*arguments: str) -> str:
    command = [sys.executable, "-m", "claimx", *arguments]
    return subprocess.run(command, check=True, capture_output=True, cwd=ROOT, encoding="utf-8").stdout


def picture(table: str) -> str:
    """The head of a table and its first claims, without trailing blanks."""
    lines = [line.rstrip() for line in table.splitlines()]
    ends = [number for number, line in enumerate(lines) if not line]
    return textwrap.indent("\n".join([*lines[: ends[SHOWN - 1]], "", "..."]), "    ")


def main() -> None:
    for seed in sorted([*ROOT.glob("seeds/*.txt"), *ROOT.glob("seeds/*.jsonl")]):
        output = claimx("extract", "--json", seed.relative_to(ROOT).as_posix())
        (ROOT / "tests" / "golden" / f"{seed.stem}.json").write_text(output, "utf-8")
    update("picture", picture(claimx("extract", PICTURE)))


if __name__ == "__main__":
    main()
