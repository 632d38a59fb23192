"""The capturing proxy: the only importer of mitmproxy.

``ProxyWorker`` runs it in a separate process; the modules that import mitmproxy are loaded only there.
"""

from monitor.collectors.proxy.parent import ProxyWorker
from monitor.collectors.proxy.wire import Config

__all__ = ["Config", "ProxyWorker"]
