"""Where does the name of a call begin, and where does it end?  And what is no name of one?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from ingest.grammar import WORD
from ingest.lexicon import Lexicon, Marks, either
from ingest.model import Mention, Span

NAME_WORDS = 10  # of a name at most
API = re.compile(r"\bAPIs?\b")
MOST_JOINED = 2  # words of a joined name behind its first
# no word of a name: "sealSize", "order_id"
ODD_WORD = re.compile(r"_|[a-z][A-Z]")
NEAR_WORDS = 3  # behind a small word, or before a name
# "Order Secure Site OV": a name whose words have capitals
TITLED = re.compile(
    r"[A-Z][a-z]+(?:[ \u00a0](?:[A-Z][a-z]+|[A-Z]{2,}(?:/[A-Z]{2,})*)){2,4}(?![\w-]|[ \u00a0][A-Z])"
)
# "CAs": an acronym in the plural
PLURAL = re.compile(r"[ \u00a0][A-Z]{2,}s\b")
MOST_SMALL = 5  # words of a name that nothing but its small letters tells
FAR_PRESSED = 90  # characters before a name in which the verb of pressing a button stands
ELIDED = re.compile(r"[^\W\d_]{1,2}['’]")  # "l'"
# what no name holds; a slash parts capitals only ("Order OV/EV SSL")
NO_NAME = re.compile(r"[<>=|\\{}*]|(?<![A-Z])/|/(?![A-Z])|\d{3}")
LONGEST_ARTICLE = 8  # characters, with the blanks around it
LONGEST_LIST = 400  # characters
LIST_STOP = re.compile(r"[.;:|\n»”\"()!?]")
STOP = re.compile(r"[.;:,|\n»”\"()!?]")


class CallNames:
    """Cuts names of calls out of one entry's text, by its capitals, small words and verbs."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks, vendor: str | None) -> None:
        self.lexicon, self.text, self.marks, self.vendor = lexicon, text, marks, vendor
        joiners = either(lexicon.words("api.joiners"))
        self.title_parts = re.compile(rf"[:,]|(?<=\w) (?:{joiners}) (?=[A-ZÀ-Ý])")
        self.capital_joiner = re.compile(rf"(?:,?[ \u00a0](?:{joiners})|,)[ \u00a0]+(?=[A-ZÀ-Ý])")

    def at_end(self, start: int, end: int, strict: bool = True) -> Span | None:
        """The name that fills the end of text[start:end]: from a capital after the last determiner.

        Not `strict`, the nearest capital will do where no determiner tells.
        """
        stripped = self.text[start:end].rstrip(' \u00a0*_`”"')
        words = list(re.finditer(r"\S+", stripped))
        determiners = self.lexicon.lower("api.determiners")
        first: int | None = None
        for number in range(len(words) - 1, max(-1, len(words) - 1 - NAME_WORDS), -1):
            word = words[number].group().strip("*_`“\"'")
            before = words[number - 1].group().strip("*_`“\"'").lower() if number else ""
            called = word in self.actions and words[number + 1 : number + 2] != [] and number > 0
            opens = number == 0 or before in determiners or before in self._verbs or called
            if word[:1].isupper() and opens:
                if number == 0 and word.lower() in self.lexicon.lower("api.asking_verbs"):
                    break  # "Ask List orders (GET /orders)"
                first = self._with_inner_word(words, number) if number else number
                break
            if word.lower() in self.lexicon.lower("api.articles"):
                break
        if first is None and not strict:
            first = next((n for n in range(len(words) - 1, -1, -1) if words[n].group()[:1].isupper()), None)
        if first is None:
            return None
        lead = len(words[first].group()) - len(words[first].group().lstrip("*_`“\"'"))
        span = Span(start + words[first].start() + lead, start + len(stripped))
        return span if self.is_name(span) else None

    def _with_inner_word(self, words: Sequence[re.Match[str]], first: int) -> int:
        """The first word of a name that a small word parts: "the new Order Secure Email for Individual".

        What stands before the small word belongs to it where capitals lead back to an article.
        """
        opening = self.lexicon.lower("api.articles") | self.lexicon.lower("api.qualifiers")
        small = self.lexicon.lower("api.determiners") - opening
        if words[first - 1].group().lower() not in small:
            return first
        number = first - 2
        while number > 0 and words[number].group()[:1].isupper():
            if words[number - 1].group().lower() in opening:
                said = " ".join(word.group() for word in words[number : first - 1])
                return first if self._speaks_of_api(said) else number
            number -= 1
        return first

    def _speaks_of_api(self, words: str) -> bool:
        """Whether the last of some words is the noun of an API: "the Services API for …"."""
        return words.rsplit(" ", 1)[-1].lower() in self.lexicon.lower("api.api_nouns")

    def reach(self, start: int, end: int, commas: bool = False) -> int:
        """How far names that begin at `start` can reach: to a stop (commas may part a list of them)."""
        end = min(end, start + LONGEST_LIST)
        stop = (LIST_STOP if commas else STOP).search(self.text, start, end)
        return stop.start() if stop else end

    def split(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A list of names: commas and joining words count only where a capital follows."""
        at = start
        for match in self.capital_joiner.finditer(self.text, start, end):
            yield at, match.start()
            at = match.end()
        yield at, end

    def cut(self, start: int, end: int, title: str) -> Span | None:
        """The name at the start of text[start:end]: the title's own words, else up to a verb."""
        said = self.text[start:end]
        flat = said.replace("’", "'")
        for name in self.title_parts.split(title.replace("’", "'")):
            name = name.strip()
            if len(name.split()) >= 2 and flat.startswith(name):
                return Span(start, start + len(name))
        nouns = self.marks.find("api.endpoint_nouns", start + 1, end)
        if nouns:
            end = nouns[0].start
            said = self.text[start:end].rstrip()
        own = self.marks.find(f"product.{self.vendor}", start + 1, end)
        inner = [m.start for m in own if self.marks.any("api.api_nouns", m.start, m.end)]
        if inner:
            said = self.text[start : inner[0]]
            said = self._without_link(said)
        ends = self.lexicon.lower("api.name_end")
        endings = self.lexicon.words("api.verb_endings")
        last = start
        words = list(re.finditer(r"\S+", said))
        bare = [word.group().strip("*_`,").lower() for word in words]
        for number, word in enumerate(words):
            plain = word.group().strip("*_`,")
            if self._is_noun(bare, number):
                last = start + word.end()
                continue
            if self._is_verb(bare, number) or self._goes_on(words, bare, number):
                break
            if number > 2 and plain[:1].isdigit() and bare[number - 1].endswith("s"):
                last = start + words[number - 2].end()  # "List users brings 1,000 users"
                break
            if number and (plain.lower().endswith(endings) if endings else False):
                break
            if number and said[: word.start()].rstrip().endswith(",") and not plain[:1].isupper():
                break
            if number and (
                plain.lower() in ends
                or plain.lower().split("'")[0].split("’")[0] + "'" in ends
                or (plain[:1].isupper() and plain.lower() not in self._proper and not plain.isupper())
            ):
                break
            last = start + word.end()
        while last > start and self.text[last - 1] in " ,*_`":
            last -= 1
        return Span(start, last) if last > start else None

    def _is_noun(self, words: Sequence[str], at: int) -> bool:
        """Whether an article makes a noun of what may be a verb: "Détails de la demande"."""
        articles, ends = self.lexicon.lower("api.articles"), self.lexicon.lower("api.name_end")
        return at > 1 and re.split(r"['’]", words[at - 1])[-1] in articles and words[at - 2] not in ends

    def _goes_on(self, words: Sequence[re.Match[str]], bare: Sequence[str], at: int) -> bool:
        """Whether the sentence goes on behind a name of two words or more: "Sign hash for each file", "Update
        settings and pass sealSize"."""
        if at < 2 or at + 1 >= len(words):
            return False
        if bare[at] in self.lexicon.lower("api.joiners"):
            return any(ODD_WORD.search(word.group()) for word in words[at + 1 : at + 1 + NEAR_WORDS])
        return bare[at] in self.small and bare[at + 1] in self.lexicon.lower("api.each")

    def _is_verb(self, words: Sequence[str], at: int) -> bool:
        """Whether an article shows that a name has ended: "Add note stores a …", "un rôle fixe la …"."""
        articles, ends = self.lexicon.lower("api.articles"), self.lexicon.lower("api.name_end")
        if at and words[at] in articles and words[at - 1] in ends:
            return True
        if at < 2 or at + 1 == len(words) or words[at + 1] not in articles or words[at] in self.small:
            return False
        return words[at].endswith("s") or words[at - 2] in articles

    @cached_property
    def _verbs(self) -> frozenset[str]:
        """What ends a name, for it says what the call does or is: a name may begin behind it, too."""
        return self.lexicon.lower("api.name_end")

    @cached_property
    def small(self) -> frozenset[str]:
        """The common words of all languages."""
        return self.lexicon.lower(*(f"stop.{code}" for code in self.lexicon.languages), "api.determiners")

    def _without_link(self, said: str) -> str:
        """The text without the small words that tied a product to it ("… de l'", "… of the")."""
        small = self.lexicon.lower("api.determiners")
        words = re.split(r"([ \u00a0]+|(?<=['’]))", said)
        while words and (not words[-1].strip() or words[-1].lower().replace("’", "'") in small):
            words.pop()
        return "".join(words)

    @cached_property
    def _proper(self) -> frozenset[str]:
        vendor = self.lexicon.vendors.get(self.vendor or "")
        names = [w.lower() for name in (vendor.products if vendor else ()) for w in name.split()]
        return frozenset(names)

    def describes(self, words: Sequence[str]) -> bool:
        """Whether these words say what a call does rather than name it: "List the rules"."""
        return not self.lexicon.lower("api.no_name_words").isdisjoint(words[1:])

    def says_what(self, span: Span) -> bool:
        """Whether a name says what is done to what: "Renouveler une commande", "List orders"."""
        first, *rest = span.of(self.text).split()
        infinitive = first.lower().endswith(self.lexicon.words("api.infinitives") or "-")
        return bool(rest) and (first in self.actions or (infinitive and rest[0] in self._articles))

    @cached_property
    def _articles(self) -> frozenset[str]:
        return self.lexicon.lower("api.articles")

    def short(self, start: int, end: int) -> Span | None:
        """The name at the start of text[start:end], where nothing but its small letters tells how far it
        goes: "Update record have …", "List orders leaves …", "Create voucher order request"."""
        known = self.marks.at(f"endpoint.{self.vendor}", start)
        if known is not None and self._links.isdisjoint(self.text[known.end : end].split()[:1]):
            return Span(known.start, known.end)
        if titled := TITLED.match(self.text, start, end):
            return Span(*titled.span())
        span = self.cut(start, end, "")
        if span is None or self.describes(span.of(self.text).split()):
            return None
        words = list(re.finditer(r"\S+", span.of(self.text)))
        kept = words[:2]
        for word in words[2:]:
            plain = word.group().lower()
            past = plain.endswith(self.lexicon.words("api.past_endings") or "-")
            verb = past or plain in self.lexicon.lower("api.holding_verbs")
            verb = verb or (plain.endswith("s") and kept[-1].group().endswith("s"))
            verb = verb or (plain.endswith("s") and self._leads_on(start + word.end()))
            plain = plain.replace("’", "'")
            if verb or ODD_WORD.search(word.group()) or (plain in self.small and plain not in self._links):
                break
            kept.append(word)
        while kept and kept[-1].group().lower() in self.lexicon.lower("api.request_nouns") | self._links:
            kept.pop()
        small = all(word.group().islower() or word.group().isupper() for word in kept[1:])
        controls = self.lexicon.lower("api.controls").intersection(word.group() for word in kept)
        if not 2 <= len(kept) <= MOST_SMALL or not small or controls:
            return None
        found = Span(start, start + kept[-1].end())
        if PLURAL.match(self.text, found.end):
            return None  # "List issuing CAs"
        return found if self.is_name(found) else None

    def _leads_on(self, at: int) -> bool:
        """Whether a pronoun or an article follows, as behind a verb: "Replace token gives you …"."""
        behind = self.text[at : at + LONGEST_ARTICLE * 2].split()
        words = self.lexicon.lower("api.pronouns", "api.articles", "api.objects")
        return bool(behind) and behind[0].lower() in words

    @cached_property
    def _links(self) -> frozenset[str]:
        """Small words inside of names: "Détails de la commande"."""
        return self.lexicon.lower("api.articles", "api.name_links")

    def does(self, span: Span) -> bool:
        """Whether a name begins with what calls do, as vendors' names of calls do: "List", "Réémettre"."""
        first, *rest = span.of(self.text).split()
        return first in self.actions and 0 < len(rest) <= MOST_JOINED and self.is_name(span)

    @cached_property
    def actions(self) -> frozenset[str]:
        names = (n for v in self.lexicon.vendors.values() for names in v.endpoints for n in names)
        first = Counter(name.split()[0] for name in names if " " in name)
        verbs = (verb.capitalize() for verb in self.lexicon.words("api.action_verbs"))
        return frozenset(verbs) | {word for word, count in first.items() if count > 1}

    def is_control(self, start: int, end: int) -> bool:
        """Whether a name is what a button or a page is called: "the button Submit for validation"."""
        lead = self.text[max(0, start - LONGEST_ARTICLE * 2) : start]
        words = re.split(r"[\s'’]+", lead.strip(' \u00a0*_`“"«'))
        behind = self.text[end : end + LONGEST_ARTICLE * 2].strip(' \u00a0*_`”"»').split()
        controls = self.lexicon.lower("api.controls")
        return any(near and near[0].lower().strip(".,") in controls for near in (words[-1:], behind[:1]))

    def is_pressed(self, span: Span) -> bool:
        """Whether a name is that of a control: "select **Create order**", "the **Create order** button"."""
        said = self.text[max(0, span.start - FAR_PRESSED) : span.start].lower()
        sentence = re.split(r"[.!?:;]\s|\n", said)[-1]
        words = [word.strip(",:*_") for word in sentence.split()]
        pressed = not self.lexicon.lower("api.pressing_verbs").isdisjoint(words)
        there = not self.lexicon.lower("api.pressing_places").isdisjoint(words[-NEAR_WORDS:])
        return pressed or there or self.is_control(span.start, span.end)

    def is_name(self, span: Span) -> bool:
        name = span.of(self.text)
        words = name.split()
        if not words or len(words) > NAME_WORDS or not name[0].isupper() or NO_NAME.search(name):
            return False
        if len(words) > 1 and words[-1] in self.lexicon.lower("api.determiners"):
            return False  # "Farewell to TLS 1.1 for" API connections
        first = ELIDED.match(name)  # "L'API v2 (GET /v2/firewalls)"
        if (first[0] if first else words[0]).lower().replace("’", "'") in self.lexicon.lower("api.articles"):
            return False
        qualifiers = self.lexicon.lower("api.qualifiers")
        qualified = words[0].lower() in qualifiers and not self._named_so(span, words)
        if qualified or (len(words) > 1 and words[-1] in qualifiers):
            return False  # "Seal with two new" endpoints
        if name.lower() in self.lexicon.lower("api.not_names"):
            return False
        own = self.marks.find(f"product.{self.vendor}", span.start, span.end)
        return (
            not any(m.start == span.start and m.end >= span.end - 1 for m in own)
            and len(WORD.findall(name)) >= 1
        )

    def _named_so(self, span: Span, words: Sequence[str]) -> bool:
        """Whether a qualifier has the capital of a name: "The New user endpoint", where others are small."""
        before = self.text[max(0, span.start - LONGEST_ARTICLE) : span.start].rsplit(None, 1)
        article = bool(before) and before[-1].lower() in self.lexicon.lower("api.articles")
        return article and len(words) > 1 and all(word.islower() for word in words[1:])

    def mention(self, span: Span, rule: str) -> Mention:
        lead = len(span) - len(span.of(self.text).lstrip())
        span = Span(span.start + lead, span.start + max(lead, len(span.of(self.text).rstrip())))
        return Mention(span.of(self.text), span, rule)
