"""A session while it runs: its state for the terminal, and a page on this machine that follows it.

What is here only looks. A page that is slow, closed or never opened changes nothing of the recording.
"""
