"""What people and programs see: the site, feeds, calendars, the JSON API, and the command line."""
