"""Packages that only some uses need: the extras of pyproject.toml."""

import importlib
from typing import Any

from claimx.models import Problem


def import_extra(module: str, extra: str, what: str) -> Any:
    """The module that `what` needs; Problem, with the way to install it, where it is missing.

    Untyped, because neither the types nor the package itself need be there when claimx is checked.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise Problem(f"{what}: needs the package {package}", f"pip install 'claimx[{extra}]'") from error
