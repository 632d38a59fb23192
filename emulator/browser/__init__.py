"""A real browser for the pages of web views, where one is installed."""
