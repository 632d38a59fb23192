"""One module a format; each renders and never collects."""
