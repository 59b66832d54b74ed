"""Which address shows which page?  The HTML and feed routes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from index.query import SearchRequest
from webapp import archive, discovery, entrypage, numbered, querystring, sourcespage, syndication, urls, views
from webapp.context import site
from webapp.forms import FORMS, Form
from webapp.rendering import render
from webapp.view import View
from webapp.views import Place

blueprint = Blueprint("site", __name__)
PAGE = "page/<int(min=1):number>/"
Answer = str | BaseResponse


def asked(size: int) -> SearchRequest:
    """What the query string asks for, `size` entries a page."""
    return querystring.parse(request.args.items(multi=True), site().config.limits, size)


def show(view: View) -> str:
    return render(view, site().labels)


@blueprint.get(urls.HOME)
@blueprint.get(f"{urls.HOME}{PAGE}")
def change_log(number: int = archive.FRONT) -> Answer:
    library, now, labels = site().library, site().now(), site().labels
    return listed(views.LOG, number, lambda asked: views.change_log(library, asked, now, labels))


@blueprint.get(urls.SEARCH)
def search() -> str:
    here = site()
    return show(views.search(here.library, asked(here.config.page_size), here.labels))


@blueprint.get("/entries/<entry_id>")
def entry(entry_id: str) -> str:
    return show(entrypage.entry(site().library, entry_id, site().link, site().labels))


@blueprint.get(urls.MAINTENANCE)
def maintenance() -> str:
    return show(views.maintenance(site().library, asked(1), site().now(), site().labels))


@blueprint.get(urls.DIAGNOSTICS)
def diagnostics() -> str:
    return show(sourcespage.diagnostics(site().library, site().labels))


@blueprint.get(urls.SOURCES)
def sources() -> str:
    return show(sourcespage.sources(site().library, site().labels))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Can the store be read?"""
    store = site().library.store
    return jsonify(status="ok", entries=len(store), generation=store.generation)


@blueprint.get(urls.OPML)
def feed_list() -> Response:
    """The RSS feeds of everything and of each facet value, for import into a feed reader."""
    library = site().library
    names = {facet: [each.value for each in library.values(facet)] for facet in urls.LISTINGS}
    body = discovery.opml(site().config.title, discovery.outlines(site().base, names, site().labels))
    return Response(body, content_type="text/x-opml; charset=utf-8")


@blueprint.get(urls.SITEMAP)
def sitemap() -> Response:
    body = discovery.sitemap(site().root, views.addresses(site().library))
    return Response(body, content_type="application/xml; charset=utf-8")


@blueprint.get(urls.ROBOTS)
def robots() -> Response:
    return Response(discovery.robots(site().root), content_type="text/plain; charset=utf-8")


@blueprint.get(urls.OPENSEARCH)
def opensearch() -> Response:
    body = discovery.opensearch(site().config.title, discovery.searches(site().base), site().labels)
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.get(f"{urls.SEARCH}/")
@blueprint.get(f"{urls.DIAGNOSTICS}/")
@blueprint.get("/entries/<entry_id>/")
def unslashed(**_: str) -> Answer:
    """A page's address on the static site, where pages are folders: the same page here."""
    told = request.query_string.decode()
    path = f"{request.script_root}{request.path.rstrip('/')}"
    return redirect(f"{path}?{told}" if told else path, 308)


def listing(facet: str, name: str, number: int = archive.FRONT) -> Answer:
    where, library, labels = views.place(facet, name), site().library, site().labels
    return listed(where, number, lambda asked: views.listing(library, where, asked, labels))


def listed(where: Place, number: int, view: Callable[[SearchRequest], View]) -> Answer:
    """A page of a listing: by its path, or by `?page=` where the query string narrows the listing down."""
    library, labels, request = site().library, site().labels, asked(site().config.log_size)
    if not numbered.is_numbered(request):
        return sent_on(querystring.at(where.path, request)) if number else show(view(request))
    if request.offset:
        return sent_on(numbered.path_at(library, where, request, labels))
    if number:
        return show(numbered.behind(library, where, number, request.limit, labels))
    return show(numbered.front(library, where, request, view))


def sent_on(path: str) -> Answer:
    """What is asked for has its own address."""
    return redirect(site().link(path))


def values(facet: str) -> str:
    return show(views.values(site().library, facet, site().labels))


def listing_as(form: Form, where: Place) -> Response:
    """A listing in another form, with the filters of the query string."""
    config = site().config
    body = syndication.write(
        site(), form, where, asked(config.feed_size if form.feed else config.calendar_size)
    )
    return Response(body, content_type=f"{form.media}; charset=utf-8")


def facet_as(form: Form, facet: str, name: str) -> Response:
    return listing_as(form, views.place(facet, name))


def _routes() -> None:
    """The routes that differ only in their facet or place."""
    add = blueprint.add_url_rule
    for where, name in ((views.LOG, "log"), (views.SEARCH, "search"), (views.MAINTENANCE, "maintenance")):
        for form in FORMS:
            add(urls.form(where.path, form.ending), f"{name} {form.name}", partial(listing_as, form, where))
    for facet, folder in urls.LISTINGS.items():
        add(f"/{folder}/", f"{folder}_values", partial(values, facet))
        add(f"/{folder}/<name:name>/", folder, partial(listing, facet))
        add(f"/{folder}/<name:name>/{PAGE}", f"{folder} page", partial(listing, facet))
        for form in FORMS:
            rule = f"/{folder}/<name:name>/{form.ending}"
            add(rule, f"{folder} {form.name}", partial(facet_as, form, facet))


_routes()
