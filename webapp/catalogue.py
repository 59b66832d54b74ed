"""Which languages does the interface speak, and where are its messages in each?  Gettext catalogues.

The messages in the code are English; every other language is a file `translations/<code>/LC_MESSAGES/
messages.po`.  It is read as it is: nothing has to be compiled before the program runs.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parent / "translations"
DEFAULT = "en"
LANGUAGES = (DEFAULT, *sorted(path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/messages.po")))
"""The default first."""

N_ = str
"""Marks a message that is translated elsewhere: `N_("Change log")`."""


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The messages of one of LANGUAGES."""
    if language == DEFAULT:
        return NullTranslations()
    with path_of(language).open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)
