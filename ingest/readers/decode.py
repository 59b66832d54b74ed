"""Bytes → characters: which encoding, and is it text at all?"""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from ingest.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]+)["']""",
    re.I,
)
_SAMPLE = 65_536
_MOST_CONTROLS = 0.002  # of the sample; real text holds none, a form feed now and then


def decode(data: bytes, source: str) -> str:
    """The text of `data`, NFC, every line ended by LF.

    Tried in order: a byte order mark, UTF-8, the encoding a page declares, then a guess among
    encodings in which the text is plausible.  Raises SourceError for binary and undecodable bytes.
    """
    text = _decoded(data, source)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def labelled(data: bytes, charset: str | None) -> bytes:
    """`data` as bytes that can be read without knowing which `charset` was declared beside them.

    They are as they came, but for those that neither are UTF-8 nor say themselves what they are: these
    become UTF-8, where the declared encoding makes plausible text of them.
    """
    if charset is None or data.startswith(tuple(mark for mark, _ in _BOMS)) or _DECLARED.search(data[:4096]):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = _attempted(data, charset)
        return data if text is None or _damaged_utf8(data) else text.encode()
    return data


def _attempted(data: bytes, encoding: str) -> str | None:
    """The text of `data` in an encoding, if it is one and the text is plausible."""
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return text if _plausible(text) else None


def _decoded(data: bytes, source: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding, source)
    sample = data[:_SAMPLE].replace(b"\r", b"")
    if len(_CONTROL.findall(sample)) > _MOST_CONTROLS * len(sample):
        raise SourceError("is binary, not text", source, "give a text, HTML, Markdown or feed file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data, source)


def _strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"is not {encoding} at byte {error.start}, though it begins so", source, "save it as UTF-8"
        ) from error


def _guessed(data: bytes, source: str) -> str:
    if _damaged_utf8(data):
        raise SourceError("is UTF-8 with damaged bytes", source, "save it again as UTF-8")
    declared = _DECLARED.search(data[:4096])
    names = [name.decode("ascii", "ignore") for name in declared.groups() if name] if declared else []
    for encoding in [*names, "cp1252"]:
        text = _attempted(data, encoding)
        if text is not None:
            return text
    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        text = data.decode(best.encoding, errors="replace")
        if "\ufffd" not in text and _plausible(text):
            return text
    raise SourceError("is in no encoding that could be recognised", source, "save it as UTF-8")


def _damaged_utf8(data: bytes) -> bool:
    """Whether far more characters are valid UTF-8 of several bytes than bytes are invalid."""
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(ord(c) > 127 for c in text) - broken > 3 * broken


def _plausible(text: str) -> bool:
    """Whether the non-ASCII characters look like European text: mostly letters inside words, or quotes."""
    odd = [c for c in text if ord(c) > 127]
    usual = sum(c.isalpha() or c in "’‘“”«»–—…•·°€£©®™º\u00a0§" for c in odd)
    return bool(odd) and usual >= 0.9 * len(odd) and len(odd) <= 0.3 * len(text)
