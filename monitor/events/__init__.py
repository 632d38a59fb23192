"""What was observed: one frozen struct per kind of event, and the vocabularies of their fields.

Rules for every event (so that any encoder writes the same bytes, RFC 8785 included): integers only, ASCII keys, no
floats, integers below 2**53. Times are microseconds since the Unix epoch on the host's timeline; ``err`` is the half
width of the interval in which the event happened. An event never holds a personal value, only a ``ValueRef`` to it.

The log holds observations. Fields that are ``inferred`` are never in it: ``monitor.analysis.correlate.attribution``
fills them in, live and again from the file.
"""

# ruff: noqa: F403
from monitor.events.app import *
from monitor.events.base import *
from monitor.events.exploring import *
from monitor.events.lines import *
from monitor.events.recording import *
from monitor.events.traffic import *
