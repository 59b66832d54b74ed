"""Shapes of pages, Markdown and feeds whose markup shows what belongs together."""

from __future__ import annotations

import pytest
from reading import entries, entry, shown

from ingest.model import Entry, Form
from ingest.readers import read, recognise

FIRST, SECOND, THIRD = (
    ("Dark colours", "12 May 2025", "You can switch the dashboard to dark colours in your profile."),
    ("Exports", "28 April 2025", "Exports of more than 50,000 rows ended in an error. This is fixed."),
    ("Old login page", "2 April 2025", "The old login page goes away. Update your bookmarks before."),
)
ALL = (FIRST, SECOND, THIRD)
ISO = ["2025-05-12", "2025-04-28", "2025-04-02"]


def page(body: str) -> list[Entry]:
    return entries(f"<html lang='en'><body><main>{body}</main></body></html>", form=Form.HTML)


def titles(told: list[Entry]) -> list[str]:
    return [entry.title for entry in told]


def days(told: list[Entry]) -> list[str | None]:
    return [entry.published.text if entry.published else None for entry in told]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    posts = "".join(f"<p><b>{day}</b><br><font><b>{t}</b></font><br>{text}</p>" for t, day, text in ALL)
    told = page(f"<table><tr><td><h3>News</h3>{posts}<hr></td></tr></table>")
    assert (titles(told), days(told)) == ([title for title, _, _ in ALL], ISO)


def test_a_bold_line_that_is_broken_off_titles_a_cell() -> None:
    posts = "".join(f"<b>{day}</b><br><b>{t}</b><br>{text}<br><hr>" for t, day, text in ALL)
    told = page(f"<table><tr><td>{posts}</td></tr></table>")
    assert (titles(told), days(told)) == ([title for title, _, _ in ALL], ISO)


@pytest.mark.parametrize("between", ["", " · ", " | "])
def test_a_line_says_when_of_what_kind_and_by_whom(between: str) -> None:
    cards = "".join(
        f"<article><div><time>{day}</time>{between}<span class='chip'>New</span>{between}"
        f"<span class='author'>Jo Hartmann</span></div><h2>{t}</h2><p>{text}</p></article>"
        for t, day, text in ALL
    )
    told = page(f"<h1>Changelog</h1>{cards}")
    assert (titles(told), days(told)) == ([title for title, _, _ in ALL], ISO)
    assert not any(entry.effective for entry in told)


def test_what_became_of_an_entry_is_no_part_of_its_name() -> None:
    (told,) = page("<h2>Router exchange <b>CANCELLED</b></h2><p>We exchange it on May 7, 2025.</p>")
    assert told.title == "Router exchange"
    assert told.status is not None
    (shouted,) = page("<h2>ROUTER EXCHANGE CANCELLED</h2><p>The new router arrived with a broken fan.</p>")
    assert shouted.title == "ROUTER EXCHANGE CANCELLED"


def test_a_date_within_a_sentence_stays_there() -> None:
    (told,) = page("<h2>Move</h2><p>On <time>May 5, 2025</time> we move to <b>other</b> servers.</p>")
    assert "On May 5, 2025 we move" in "".join(told.title) or told.published is None


def test_what_is_called_a_title_is_one() -> None:
    cards = "".join(f"<div class='e'><div class='entry-title'>{t}</div><p>{x}</p></div>" for t, _, x in ALL)
    assert titles(page(f"<h1>Changelog</h1>{cards}")) == [title for title, _, _ in ALL]


def test_windows_named_by_place_are_of_one_entry() -> None:
    window = "February {}, 2026, 23:00 to 23:30 CET"
    told = page(
        "<h1>Changelog</h1><p>What is new on our servers, every other week or so.</p>"
        "<h2>Database work in two places</h2><p>Databases get a new version:</p><dl>"
        f"<dt>Frankfurt</dt><dd>{window.format(3)}</dd><dt>Warsaw</dt><dd>{window.format(4)}</dd></dl>"
        "<h2>Exports</h2><p>Exports of more than 50,000 rows ended in an error. This is fixed.</p>"
    )
    assert titles(told) == ["Changelog", "Database work in two places", "Exports"]
    assert shown(told[1].windows) == ["2026-02-03 22:00 22:30", "2026-02-04 22:00 22:30"]


def test_a_name_above_the_title_of_the_page_is_no_entry() -> None:
    told = page("<div>Example Ltd</div><h1>Version history</h1><p>What changed, in the order it changed.</p>")
    assert titles(told) == ["Version history"]


def test_further_paragraphs_of_an_item_are_no_items() -> None:
    document = read(b"<ul><li><p>One.</p><p>More of it.</p></li><li>Two.</li></ul>", "x", Form.HTML)
    assert document.text == "• One.\n\nMore of it.\n\n• Two."


@pytest.mark.parametrize(
    ("form", "post"),
    [
        (Form.HTML, "<h2>{}</h2><time>{}</time><p>{}</p>"),
        (Form.HTML, "<h2>{}</h2><div><span class='date'>{}</span> · <em class='tag'>New</em></div><p>{}</p>"),
        (Form.MARKDOWN, "## {}\n*{}*\n\n{}\n\n"),
        (Form.MARKDOWN, "## {}\n\n**{}**\n\n{}\n\n"),
    ],
)
def test_dates_below_titles(form: Form, post: str) -> None:
    head = "<h1>Product updates</h1>" if form is Form.HTML else "# Product updates\n\n"
    told = entries(head + "".join(post.format(*one) for one in ALL), form=form)
    assert (titles(told), days(told)) == ([title for title, _, _ in ALL], ISO)
    assert all(entry.has_heading for entry in told)


@pytest.mark.parametrize(
    "heading",
    [
        "**2024-05-01** - v3.2\n",
        "[2024-05-01] Version 3.2.0\n--------------------------\n",
        "## 3.2.0 May 1, 2024\n",
        "### [v3.2.0](https://example.com/a/long/address/of/a/comparison/v3.1.0...v3.2.0) (2024-05-01)\n",
        "## 2024-05-01, release 3.2 {#r3-2}\n",
    ],
)
def test_headings_of_releases(heading: str) -> None:
    changes = "\n- A search field stands above the list.\n- The list crashed when it was empty.\n"
    told = entries("# Changes\n\nAll of them.\n\n" + heading + changes, form=Form.MARKDOWN)
    assert days(told) == [None, "2024-05-01", "2024-05-01"]


@pytest.mark.parametrize(
    "name",
    [
        "Small fixes",
        "Misc. changes",
        "Bug fixes and improvements",
        "Corrections diverses",
        "Kleine Korrekturen",
    ],
)
def test_a_heading_that_names_kinds_of_change_is_shared_by_its_list(name: str) -> None:
    text = f"# Notes\n\nWhat is new.\n\n## Calendar\n\nWeeks can be printed.\n\n## {name}\n\n"
    told = entries(text + "- Dates were shown twice.\n- The list could not be sorted.\n", form=Form.MARKDOWN)
    assert titles(told)[-2:] == ["Dates were shown twice", "The list could not be sorted"]


def test_groups_with_nothing_in_them_are_no_entries() -> None:
    text = "# Changelog\n\n## [Unreleased]\n### Added\n### Fixed\n\n## [1.0.0] - 2025-05-12\n### Added\n"
    told = entries(text + "- Weeks can be printed.\n- Days can be printed.\n", form=Form.MARKDOWN)
    assert days(told) == ["2025-05-12", "2025-05-12"]


def test_a_heading_above_those_of_entries_is_a_section() -> None:
    one = "## {}\n\n{}\n\n"
    text = (
        one.format(*FIRST[::2]) + "# Things that are done\n\n" + "".join(one.format(*e[::2]) for e in ALL[1:])
    )
    assert titles(entries(text, form=Form.MARKDOWN)) == [title for title, _, _ in ALL]


def test_a_bold_line_with_a_date_is_no_title() -> None:
    text = "".join(f"## {t}\n**End of life date: {day}**\n\n{body}\n\n" for t, day, body in ALL)
    assert titles(entries(text, form=Form.MARKDOWN)) == [title for title, _, _ in ALL]


def test_front_matter_titles_a_page_that_has_no_other_heading() -> None:
    head = "---\ntitle: 'New limits'\ndate: 2025-03-14\ntags: [limits]\n---\n\n"
    text = head + "Uploads are limited to 2 GB.\n\nLarger files have to be sent in parts.\n"
    assert recognise(text) is Form.MARKDOWN
    told = entry(text, form=Form.MARKDOWN)
    assert (told.title, days([told])) == ("New limits", ["2025-03-14"])


def test_anchors_and_remarks_are_no_text_of_a_title() -> None:
    text = '# <a name="log"></a>Log\n\n## <a name="x"></a>New list<!-- 12 -->\n\nA list of all orders.\n'
    assert titles(entries(text, form=Form.MARKDOWN))[-1] == "New list"


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"**{day}**: {body}\n\n" for day, (_, _, body) in zip(ISO, ALL, strict=True)),
        "".join(f"- {day} – {body}\n" for day, (_, _, body) in zip(ISO, ALL, strict=True)),
        "| Date | What |\n|--|--|\n" + "".join(f"| {day} | {body} |\n" for _, day, body in ALL),
        "| What | Since |\n|--|--|\n" + "".join(f"| {body} | {day} |\n" for _, day, body in ALL),
    ],
)
def test_entries_that_say_their_own_day(text: str) -> None:
    told = entries(f"# Log\n\n{text}", form=Form.MARKDOWN)
    assert days(told)[-3:] == ISO
    assert not any(entry.effective for entry in told)


def feed(*items: tuple[str, str]) -> list[Entry]:
    told = "".join(
        f"<item><title>{title}</title><description><![CDATA[{body}]]></description>"
        "<pubDate>Thu, 05 Mar 2026 22:00:00 +0000</pubDate></item>"
        for title, body in items
    )
    return entries(f'<rss version="2.0"><channel><title>x</title>{told}</channel></rss>', form=Form.FEED)


def test_a_planned_event_of_a_status_page() -> None:
    (told,) = feed(
        (
            "Core switches in Oslo",
            "<p><strong>THIS IS A SCHEDULED EVENT Mar  5, 22:00 - 23:00 UTC</strong></p>"
            "<p><small>Feb 27, 10:14 UTC</small><br><b>Scheduled</b> - We replace both.</p>",
        )
    )
    assert (told.title, shown(told.windows)) == ("Core switches in Oslo", ["2026-03-05 22:00 23:00"])
    assert told.type.value == "maintenance"


def test_the_hours_of_updates_are_no_windows_and_no_days_of_change() -> None:
    update = "<p><small>Mar 5, {} UTC</small><br><strong>{}</strong> - {}</p>"
    body = update.format("15:40", "Resolved", "All mails have been delivered.")
    body += update.format("13:05", "Identified", "A queue was full.")
    (told,) = feed(("Delayed mails", body))
    assert (told.windows, told.effective, told.title) == ((), (), "Delayed mails")


@pytest.mark.parametrize("title", ["v1.8.0", "Bug fixes", "Updates", "Sign in is slow", "Upcoming"])
def test_an_item_is_titled_by_its_title_whatever_it_says(title: str) -> None:
    told = feed((title, "<ul><li>Archives could not be opened.</li></ul>"), ("Other", "<p>It is new.</p>"))
    assert titles(told) == [title, "Other"]
    assert days(told) == ["2026-03-05", "2026-03-05"]


RULED = "<h2>Before you read</h2><p>Kept by hand, with a delay of a few days.</p>" + "".join(
    f"<hr><h3>{title}</h3><p>{text}</p>{stamp}"
    for title, text, stamp in (
        ("Tags for domains", "Put tags on your domains, then find them again.", "{1}"),
        ("Mails came twice", "Each approver got two mails where one was due. That is mended.", ""),
        ("Seals in three sizes", "Small, middle, large: as you like it.", "{2}"),
        ("Farewell to the old form", "The form of 2014 closes on October 31, 2018.", "{3}"),
    )
)
STAMPS = {"{1}": "August 20, 2018", "{2}": "August 13, 2018", "{3}": "July 2, 2018"}


def test_dates_close_entries_between_rules() -> None:
    page = RULED
    for mark, day in STAMPS.items():
        page = page.replace(mark, f"<p align=right>posted on {day}</p>")
    told = entries(page, form=Form.HTML)
    assert titles(told) == [
        "Before you read",
        "Tags for domains",
        "Mails came twice",
        "Seals in three sizes",
        "Farewell to the old form",
    ]
    assert days(told) == [None, "2018-08-20", None, "2018-08-13", "2018-07-02"]
    assert [[e.day.isoformat() for e in each.effective] for each in told] == [[], [], [], [], ["2018-10-31"]]


def test_a_heading_right_above_groups_of_changes_is_their_releases() -> None:
    text = (
        "# Notes\n\nAll of them.\n\n## 2024-05-07\n\n### Account keeper 1.41 and key keeper 1.30\n\n"
        "#### Enhancements\n\n* A scope can be narrowed to one user.\n* Lists show who signed last.\n"
    )
    told = entries(text, form=Form.MARKDOWN)[1:]
    assert [e.title for e in told] == [
        "A scope can be narrowed to one user",
        "Lists show who signed last",
    ]


def test_names_of_calls_above_their_paths_in_a_list() -> None:
    page = (
        "<h2>Services API: orders on hold</h2><p>Two calls join the family.</p>"
        "<ul><li>Hold order<br><code>PUT /order/{id}/hold</code></li>"
        "<li>Release order<br><code>DELETE /order/{id}/hold</code></li></ul>"
    )
    (told,) = entries(page, form=Form.HTML)
    assert {m.name for m in told.endpoints} >= {"Hold order", "Release order", "PUT /order/{id}/hold"}


@pytest.mark.parametrize("sign", ["¶", "#", "&#8203;"])
def test_the_sign_by_which_a_heading_links_to_itself_is_not_its_title(sign: str) -> None:
    page = "".join(
        f'<h3 id="{name}">{name} can be sorted<a class="headerlink" href="#{name}">{sign}</a></h3>'
        f"<p>The list of {name} can be sorted by each of its columns now.</p>"
        for name in ("Orders", "Domains", "Users")
    )
    told = entries(f"<html><body>{page}</body></html>", form=Form.HTML)
    assert [e.title for e in told] == [f"{name} can be sorted" for name in ("Orders", "Domains", "Users")]


def test_a_list_of_names_and_values_is_part_of_its_entry() -> None:
    page = (
        "<h2>New storage</h2><p>We replace the storage of our data center.</p>"
        "<dl><dt>Date</dt><dd>June 4, 2024</dd><dt>Hours</dt><dd>22:00 – 24:00 UTC</dd></dl>"
        "<h2>Faster search</h2><p>The search answers at once.</p>"
    )
    first, second = entries(page, form=Form.HTML)
    assert (shown(first.windows), second.title) == (["2024-06-04 22:00 06-05 00:00"], "Faster search")


def test_a_list_of_terms_may_be_a_change_log() -> None:
    page = (
        "<h1>Change log</h1><dl><dt>Dark mode</dt><dd>The portal can now be switched to dark mode.</dd>"
        "<dt>Login</dt><dd>Fixed a crash on login.</dd>"
        "<dt>Export</dt><dd>The old export was removed.</dd></dl>"
    )
    told = entries(page, form=Form.HTML)
    assert [e.title for e in told][-3:] == ["Dark mode", "Login", "Export"]


def test_a_row_is_called_by_what_is_done() -> None:
    rows = "".join(
        f"<tr><td><b>{work}</b></td><td>June {day}, 2024</td><td>22:00 – 24:00 UTC</td></tr>"
        for day, work in ((4, "Router exchange"), (5, "Firmware update"), (6, "Power supply test"))
    )
    page = f"<table><tr><th>Work</th><th>Day</th><th>Hours</th></tr>{rows}</table>"
    told = entries(page, form=Form.HTML)
    assert [e.title for e in told] == ["Router exchange", "Firmware update", "Power supply test"]


def test_a_call_alone_in_code_is_named_and_an_example_is_not() -> None:
    text = (
        "# Changes\n\n## API: orders\n\nThe old call of the Services API ends. Use this instead:\n\n"
        "```http\nPUT https://api.example.com/v2/orders/{id}\n```\n\n### Example request\n\n"
        "```\nGET /v2/orders?limit=10\n```\n"
    )
    told = entries(text, form=Form.MARKDOWN)[-1]
    assert [m.name for m in told.endpoints] == ["PUT https://api.example.com/v2/orders/{id}"]


@pytest.mark.parametrize(
    "shape",
    [
        "<div class='accordion-header'><button class='accordion-button'><h3>{}</h3></button></div>",
        "<h3 class='accordion-header'><button aria-expanded='false'>{}</button></h3>",
        "<div class='accordion-header'><button type='button' class='accordion-button'>{}</button></div>",
    ],
)
def test_a_button_that_unfolds_an_entry_is_its_title(shape: str) -> None:
    items = "".join(
        f"<div class='accordion-item'>{shape.format(title)}<div class='collapse'><p>{text}</p></div></div>"
        for title, _, text in ALL
    )
    found = page(f"<h1>Change log</h1><h2>May 2, 2025</h2>{items}")
    assert [one.title for one in found] == [title for title, *_ in ALL]


def test_a_button_beside_a_title_is_no_part_of_it() -> None:
    body = "".join(f"<h2>{title} <button>Copy link</button></h2><p>{text}</p>" for title, _, text in ALL)
    found = page(f"{body}<button>Load more entries</button>")
    assert [one.title for one in found] == [title for title, *_ in ALL]
    assert "Copy link" not in read(body.encode(), "test", Form.HTML).text


def test_a_button_beside_a_date_leaves_it_a_date() -> None:
    found = page(
        "<h2>March 5, 2024 <button class='accordion-toggle'>Show more</button></h2><h3>New order page</h3>"
        "<p>We added a page for orders.</p><div class='panel-heading'><h2>March 4, 2024</h2>"
        "<button>Expand all</button></div><h3>Fixed downloads</h3><p>We fixed a bug in downloads.</p>"
    )
    assert [one.published and one.published.text for one in found] == ["2024-03-05", "2024-03-04"]


def test_names_of_languages_in_a_table_are_no_furniture() -> None:
    rows = (
        ("English", "March 5, 2024", "We added a new order page"),
        ("Deutsch", "March 4, 2024", "We fixed a bug in downloads"),
        ("French", "March 3, 2024", "We fixed a bug in orders"),
    )
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "<tr><th>Language</th><th>Date</th><th>Change</th></tr>"
    found = page(f"<h1>Release notes</h1><table>{head}{body}</table>")
    assert [one.published and one.published.text for one in found] == [
        "2024-03-05",
        "2024-03-04",
        "2024-03-03",
    ]


def test_what_is_down_in_a_list_of_names_and_values() -> None:
    (told,) = page(
        "<h2>Scheduled maintenance</h2><p>We work on December 2, 2023, 22:00 – 24:00 MST "
        "(December 3, 2023, 05:00 – 07:00 UTC).</p><dl><dt>PKI Platform 8</dt>"
        "<dd>No validation for 30 minutes</dd><dt>ACME</dt><dd>Requests time out for 5 minutes</dd></dl>"
    )
    assert [outage.minutes for outage in told.outages] == [30, 5]


def test_entries_in_the_cells_of_a_table_beside_a_word_that_labels_them() -> None:
    rows = (
        (
            "Console",
            "Two-factor codes for all",
            "Users reset their second factor by themselves, with a code.",
        ),
        ("Products", "End of sale for bundles", "Bundles with a term of one year can be bought until May 4."),
        ("Signing", "Keys of another kind", "Besides certificates, the manager creates and guards GPG keys."),
    )
    body = "".join(
        f"<tr><td>{area}</td><td><h3>{title}</h3><p>{text}</p></td></tr>" for area, title, text in rows
    )
    days = ["Mondays", "Tuesdays", "Fridays"]
    above = "".join(
        f"<h2>Reports on {day}</h2><p>A report comes on {day} now, as a table.</p>" for day in days
    )
    head = "<thead><tr><th>Area</th><th>Change</th></tr></thead>"
    found = page(
        f"<h1>News</h1>{above}<h2>Further changes at a glance</h2><table>{head}<tbody>{body}</tbody></table>"
    )
    assert [one.title for one in found] == [
        *(f"Reports on {day}" for day in days),
        *(title for _, title, _ in rows),
    ]


def test_a_table_that_explains_the_text_above_it_holds_no_entries() -> None:
    rows = "".join(
        f"<tr><td>{plan}</td><td><h4>{limit} a minute</h4><p>Bursts of twice that are allowed.</p></td></tr>"
        for plan, limit in (("Basic", 100), ("Pro", 1000))
    )
    found = page(
        "<h1>News</h1><h2>May 5, 2024</h2><h3>Limits for calls</h3><p>The limits have changed, see below.</p>"
        f"<table>{rows}</table><h3>Fixed exports</h3><p>We fixed a bug in exports.</p>"
        "<h2>May 1, 2024</h2><h3>New webhooks</h3><p>You can now subscribe to events.</p>"
    )
    assert titles(found) == ["Limits for calls", "Fixed exports", "New webhooks"]


def test_an_emphasized_line_below_the_last_rule_is_no_entry() -> None:
    text = "# News\n\n## 2.1.0 - 2024-05-04\n\n### Fixed\n\n- Downloads of reports no longer fail.\n"
    foot = "\n---\n\n*Anything unclear? Write to help@example.com.*\n"
    assert titles(entries(text + foot, form=Form.MARKDOWN)) == titles(entries(text, form=Form.MARKDOWN))


PRODUCTS = """\
# Release notes

## November 24, 2026

### Cloud Queue

#### Feature

Dead letters can be filtered by subscription.

#### Fixed

A memory leak in the client no longer grows with each reconnect.

### Cloud Vault

#### Announcement

The vault is generally available in Milan.

## November 20, 2026

#### Change

Messages are kept for ten days instead of seven.
"""


def test_what_a_bare_label_heads_is_titled_by_its_product_and_what_it_says() -> None:
    told = entries(PRODUCTS, form=Form.MARKDOWN)
    assert [e.title for e in told] == [
        "Cloud Queue: Dead letters can be filtered by subscription",
        "Cloud Queue: A memory leak in the client no longer grows with each reconnect",
        "Cloud Vault: The vault is generally available in Milan",
        "Messages are kept for ten days instead of seven",
    ]


@pytest.mark.parametrize(
    ("last", "count"),
    [
        ("*Questions? Write to us.*", 2),
        ("*Fixed*: dates in mails about *renewals*", 3),
        ("*This release needs version 3 of the client.*", 3),
    ],
)
def test_what_stands_emphasized_below_the_last_rule(last: str, count: int) -> None:
    text = (
        "# Changes\n\n## May 2, 2024\n\n- Exports are faster.\n- Lists are shorter.\n\n---\n\n" + last + "\n"
    )
    told = entries(text, form=Form.MARKDOWN)
    footer = told[-1].span.of(text).rstrip().endswith(last) and len(told) == 2
    assert (len(told), footer) == (count, count == 2)


def test_a_page_that_a_table_lays_out_with_lines_broken_below_bold_titles() -> None:
    news = "".join(
        f"<FONT COLOR='#888'>{day}</FONT><BR><B>{title}</B><BR>\nWe have done what many asked for.<BR>\n"
        "It can be seen in the settings of your account.<BR><BR>"
        for day, title in (
            ("January 6, 2016", "A role for auditors"),
            ("December 2, 2015", "Larger exports"),
            ("May 20, 2015", "Orders for several years"),
        )
    )
    page = (
        "<HTML><BODY><TABLE BORDER=0><TR><TD><A HREF='/'>Home</A><BR><A HREF='/help'>Support</A><BR></TD>"
        f"<TD><B>News for customers</B><BR><BR>{news}</TD></TR>"
        "<TR><TD COLSPAN=2>Copyright 2016 Acme</TD></TR></TABLE></BODY></HTML>"
    )
    told = entries(page, form=Form.HTML)
    assert [(e.title, e.published and e.published.text) for e in told] == [
        ("A role for auditors", "2016-01-06"),
        ("Larger exports", "2015-12-02"),
        ("Orders for several years", "2015-05-20"),
    ]
