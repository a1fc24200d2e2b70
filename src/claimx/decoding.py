"""Bytes of an unknown encoding -> text."""

import codecs
from collections.abc import Callable

from claimx.models import Problem

# UTF-32 before UTF-16, whose mark it begins with. These codecs read the byte order from the mark and drop it.
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CANDIDATES = ["cp1252", "cp1251", "cp1256", "gb18030"]
_CONTROLS = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\v\f\r\x1a\x1b")
_MOST_CONTROLS = 0.03  # share of the bytes; random bytes hold about 0.1
_SAMPLE = 1 << 20


def decode(data: bytes, name: str, on_warning: Callable[[str], None]) -> str:
    """The text: by its byte-order mark, as UTF-8, as UTF-16 without a mark, else in the likeliest other encoding.

    UTF-8 with a few broken bytes (a file cut in the middle of a character) is read with U+FFFD in their place, and a
    warning. Problem where the bytes are no text.
    """
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return _strictly_or_mended(data, codec, name, on_warning)
    sample = data[:_SAMPLE]
    if utf16 := _utf16_without_mark(sample):
        return _strictly_or_mended(data, utf16, name, on_warning)
    if b"\0" in data or len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(sample):
        raise Problem(f"{name}: is binary, not text", "save it as a text file")
    try:
        return data.decode()
    except UnicodeDecodeError:
        if _mostly_utf8(data):
            return _strictly_or_mended(data, "utf-8", name, on_warning)
        return _guessed(data, name)


def _strictly_or_mended(data: bytes, codec: str, name: str, on_warning: Callable[[str], None]) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        text = data.decode(codec, errors="replace")
        on_warning(f"{name}: {text.count(chr(0xFFFD))} places are not {codec.upper()} and read as U+FFFD")
        return text


def _utf16_without_mark(sample: bytes) -> str | None:
    """News in UTF-16 is mostly ASCII, so that every other byte is zero; a binary file has its zeros anywhere."""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if half and odd > 0.5 * half and even < 0.05 * half:
        return "utf-16-le"
    if half and even > 0.5 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether more characters than not decode: bytes of another encoding form UTF-8 sequences by chance only."""
    text = data[:_SAMPLE].decode(errors="replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken > broken


def _guessed(data: bytes, name: str) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data, cp_isolation=_CANDIDATES).best()
    if best is None:
        raise Problem(f"{name}: its encoding is not recognised", "convert it to UTF-8: iconv -f ENCODING -t utf-8")
    return str(best)
