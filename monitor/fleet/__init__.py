"""Many devices: a plan of sessions on Dask workers, each of which owns devices; results go to an archive.

Needs the extra ``scale``. Dask assigns the sessions; apps and bundles travel through the archive's store.
"""
