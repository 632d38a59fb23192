"""The pages of web views: what is on them, and what a tap there does."""
