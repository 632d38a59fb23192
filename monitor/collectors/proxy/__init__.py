"""The capturing proxy: the only importer of mitmproxy."""
