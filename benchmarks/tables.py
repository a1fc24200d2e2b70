"""Tables of figures, and the places in the README where they stand: between `<!-- NAME -->` and `<!-- /NAME -->`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def update(name: str, text: str, path: Path = README) -> None:
    """Replace what stands in the named place of the file. ValueError where there is no such place."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = text.strip("\n")
    old = path.read_text("utf-8")
    before, found, rest = old.partition(opening)
    _, ended, after = rest.partition(closing)
    if not (found and ended):
        raise ValueError(f"{path}: no {opening} ... {closing}")
    path.write_text(f"{before}{opening}\n\n{text}\n\n{closing}{after}", "utf-8")
