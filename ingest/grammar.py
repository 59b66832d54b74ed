"""The patterns that are the same in every language, named, with an example beside each.

Words never stand here (they live in packs).  Every pattern is linear: no nested repetition, and each
alternative begins differently.  Where it can, a pattern begins with the character that is rarest in it and
looks back from there: `re` then passes quickly over all others.
"""

from __future__ import annotations

import re

SPACE = r"[ \t\u00a0\u202f\u2009]"

# "  • text", "- text", "* text", "1. text"
BULLET = re.compile(
    rf"{SPACE}*(?:[•◦▪‣·●○■□–*+~!-]|o(?={SPACE}{{2,}})|\(?\d{{1,2}}(?:\)|\.(?!{SPACE}+[^\W\d_]+\.?{SPACE}+\d)))(?:{SPACE}+|$)"
)
# indentation alone
INDENT = re.compile(rf"{SPACE}*")
# the marks of a quoted mail: "> ", ">> ", "> > "
QUOTE = re.compile(rf"(?:>{SPACE}?)+")
# "---|---|---|", "|:--|--:|", "-----"
ROW_RULE = re.compile(r"[ \t|:+=–—_-]{3,}$")
# the line below a title in plain text: "=====", "-----"
UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,}|~{3,}|\*{3,})[ \t]*$")
# a cell border with something on both its sides or at its end
ROW = re.compile(r"[^|\n]*\|")
# the end of a sentence: punctuation, closing quotes, then space or the line's end ("4. Juni 2022" goes on)
SENTENCE_END = re.compile(
    r"[!?….](?<![A-Z.][.][!?….])(?<!\.[A-Za-z][!?….])"
    r"(?:(?<!\.)|(?<!\d\.)|(?!\s[^\W\d_]{3,12},?\s(?:19|20)\d\d))[»”\")\]]*(?=\s|$)"
)
# the capital of a heading that a sentence runs into without a space: "… certificate.API de services …", or
# its number: "… are exempt.200 days …"
FUSE = re.compile(
    r"[A-ZÀ-Ý](?:(?<=[A-Za-zà-ÿ0-9»”\")\]][.!?:…)»”][A-ZÀ-Ý])"
    r"|(?<=[a-zà-ÿ][A-ZÀ-Ý])(?=[a-zà-ÿ])|(?<=[a-zà-ÿ][A-Z])(?=[A-Z]+[ :]))"
    r"|[1-9](?<=[a-zà-ÿ]{3}[.!?][1-9])(?=\d* [^\W\d_])"
)
# "Name: rest", "Name : rest" -- the colon that parts a prefix from the title proper
PREFIX = re.compile(rf"(?P<prefix>[^:.!?\n]{{2,90}}?){SPACE}?:{SPACE}+(?=\S)")
# "GA 1.5.0", "v2.3", "Version 3.2.0 (12 May 2025)", "[2.4.0] - 2025-05-06", "2.4.0"
VERSION = re.compile(
    r"\[?(?P<word>[^\W\d]{0,12}\.?)[ \u00a0]?v?"
    r"(?P<number>\d{1,4}(?:\.\d{1,5}){1,3}(?:[-.+]?[a-z]+\.?\d*)?|\d{1,3})\]?",
    re.I,
)
# `POST /v2/refunds`, PUT https://host/services/v2/certificate/{id}/revoke, GET orders/:id/notes
METHOD_PATH = re.compile(
    r"(?:\b|(?<=[a-z]))(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b[`*]{0,3}[ \t\u00a0]+[`*]{0,3}"
    r"(?P<path>(?:https?://[\w.-]+(?::\d+)?)?/(?:(?!(?<=\})[A-Z])[\w{}\[\]<>:/.$%&=?,+~@-])*"
    r"|(?=[a-z][\w-]*/(?:[:{]|[\w-]+/))[\w{}:/.-]+)"
)
# /v2/payments, /order/{order_id} -- a path of its own, at least one letter after its first slash
PATH = re.compile(r"(?<![\w/:.<>)}])/(?:[a-z_{][\w{}.-]*)(?:/[\w{}.:-]+)*/?(?![\w/])")
# projects.zones.clusters.get, chat.postMessage -- a call by the steps to it; the verbs are those of most APIs
REMOTE_CALL = re.compile(
    r"(?<![\w./@$-])(?P<steps>[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*)"
    r"\.(?:(?P<verb>(?:batch)?(?:[gG]et|[lL]ist|[cC]reate|[uU]pdate|[dD]elete|[iI]nsert|[pP]atch|[sS]earch))|[a-z][A-Za-z0-9]*)"
    r"(?![\w/@(-])(?!\.\w)"
)
# domain_locking_status, organization.contacts, filters[validation], a[][b]; filters[a]filters[b] are two
SNAKE = re.compile(
    r"(?<![\w@/\\-])(?<![A-Za-z0-9_]\.)_{0,1}[A-Za-z][A-Za-z0-9]*(?:(?:_[A-Za-z0-9]+)+(?:(?:\.[A-Za-z_][A-Za-z0-9_]*)|(?:\[[A-Za-z0-9_]*\]))*"
    r"|(?:\.[a-z_][A-Za-z0-9_]*)*(?:\[[A-Za-z0-9_]*\])+(?:\.[a-z_][A-Za-z0-9_]*)*|(?:\.[a-z_][A-Za-z0-9_]+)+)(?:(?<=\])(?=[a-z(])|(?![\w@/\\(]))"
)
# lastCheckStatus, ipSetId, customerID
CAMEL = re.compile(
    r"(?<![\w@/.{\\-])[a-z]{2,}[a-z0-9]*(?:[A-Z][a-z0-9]+)+(?:[A-Z]{2,3})?(?![\w@/\\(])|(?<![\w@/.{\\-])[a-z]{2,}[a-z0-9]*(?:ID|URL|IP|URI)(?![\w@/\\(])"
)
# one word as code would name it: limit, quantity, dns-name is not one
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:(?:\.[A-Za-z_][A-Za-z0-9_]*)|(?:\[[A-Za-z0-9_]*\]))*$")
# "(string)", "(array of objects)" left over from a lost table
TYPE_REMNANT = re.compile(r"\((?P<type>[^\W\d_]+(?:[ ,][^()\n]{0,24})?)\)")
# file names and hosts look dotted, but are no parameters
FILE_LIKE = re.compile(
    r"\.(?:com|org|net|io|fr|de|eu|uk|html?|php|pdf|zip|txt|csv|json|xml|toml|ya?ml|js|py|exe|md|pem|crt"
    r"|key|log|sh|sql|css|ts|rb|go|java|jar|gz|conf|dev|app|example|test|onion"
    r"|local|lan|internal|corp)$|^www\.", re.I
)  # fmt: skip
# inline code of Markdown
INLINE_CODE = re.compile(r"(?<!`)(?P<fence>`{1,3})(?P<code>[^`\n]+)(?P=fence)(?!`)")
# [text](target) of Markdown
MD_LINK = re.compile(r"!?\[(?P<text>[^\[\]\n]*)\]\((?P<target>[^()\s]*)(?: \"[^\"\n]*\")?\)")
# **text**, _text_ of Markdown
MD_MARKED = re.compile(r"(?<![\w*])(?P<mark>[*_]{1,2})(?=\S)(?P<said>[^*_\n]{2,80})(?<=\S)(?P=mark)(?![\w*])")
# emphasis marks of Markdown around a whole text
MD_MARK = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+"
    r"|</?[a-z]+(?:[ \t][^<>\n]*)?>|<!--[^<>\n]*-->"
)
# what names a place to link to behind a heading: "{#v2-0}"
HEADING_ID = re.compile(r"(?<![ \t])[ \t]*\{#[^{}\s]*\}[ \t]*$")
# a word, for counting; most are of plain letters
WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]++(?![^\W\d_]|['’])|[^\W\d_]+(?:['’][^\W\d_]+)*")
# a word or a number, elided ones whole
TOKEN = re.compile(r"\w+(?:'\w+)?")
# the underline of a Markdown heading
SETEXT = re.compile(r"\n[ \t]*(?:=+|-+)[ \t]*$")
# "[breaking] ", "[FRA-2] ": a word in brackets before a title
TAG = re.compile(r"^\[[^\[\]\n]{2,24}\][ \t]+")
# "(!) ", "[!] ": a sign before a title
SIGN = re.compile(r"^[(\[][!*?+][)\]][ \u00a0]+")
# a number or code before a title: "[NW-2209] …", "#1234 …", "REL-12: …"
TICKET = re.compile(r"\[[^\[\]\n]{2,24}\][ \t]|#\d{1,7}\b|[A-Z]{2,6}-\d{1,6}\b")
# "Start:    2025-02-27", "Impact: none": a named value on a line of its own
FIELD = re.compile(r"(?P<name>[^\W\d][^:\n]{1,24}?)[ \u00a0\u202f]?:(?P<gap>[ \t\u00a0]+)(?=\S)")
# "Step 1: ", "Étape 2 – "
NUMBERED = re.compile(r"(?P<word>[^\W\d_]{2,20})[ \u00a0](?P<number>\d{1,2})[ \u00a0]?(?:[:–—-] |$)")
DIGIT = re.compile(r"\d")
# an address of the web
URL = re.compile(r"https?://[^\s<>\"'|)\]]+|\bwww\.[^\s<>\"'|)\]]+")
