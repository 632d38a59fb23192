"""Many sessions in one place: sealed bundles in a folder or object store, and what they hold as Parquet tables.

Needs the extra ``scale``; imported by ``monitor.fleet`` and the commands ``archive`` and ``fleet`` only.
"""
