import os
import sys

sys.path.append(os.curdir)
from pelicanconf import *  # noqa: F403  # as Pelican's own publishconf.py does

FEED_ALL_ATOM = "feed.atom"
CATEGORY_FEED_ATOM = "types/{slug}/feed.atom"
TAG_FEED_ATOM = "tags/{slug}/feed.atom"
