PATH = "content"
OUTPUT_PATH = "output"
SITENAME = "Release notes"
SITEURL = "https://example.com/docs"
THEME = "theme"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 40
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHORS_SAVE_AS = ARCHIVES_SAVE_AS = AUTHOR_SAVE_AS = ""
TAG_SAVE_AS = "products/{slug}/index.html"
CATEGORY_SAVE_AS = "types/{slug}/index.html"
ARTICLE_URL = "entries/{slug}/"
ARTICLE_SAVE_AS = "entries/{slug}/index.html"
LOG_FILTER = []
