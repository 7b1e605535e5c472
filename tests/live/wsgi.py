"""The site on a WSGI server with threads: `python -m tests.live.wsgi PORT`."""

from __future__ import annotations

import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    django.setup()
    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", int(sys.argv[1]), application, Threaded, Quiet) as server:
        sys.stderr.write(f"Listening on TCP address 127.0.0.1:{server.server_port}\n")
        sys.stderr.flush()
        server.serve_forever()
