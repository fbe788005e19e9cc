"""A server for the few questions that a cluster asks, by HTTP or with a certificate that is renewed."""

import ssl
from collections.abc import Callable
from socket import socket
from threading import Thread
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from bot.errors import UserError
from bot.packages.naming import quoted
from bot.web.cluster_settings import Certificate

THREADS = 32  # whoever connects and says nothing has one for so long:
REQUEST_SECONDS = 5  # as deploy/admission lets the API server wait
LARGEST_HEAD = 64 * 1024  # bytes of a request without its body


class Listener:
    """Serves one WSGI application in threads of its own, from `start` to `stop`."""

    def __init__(
        self, host: str, port: int, application: Callable[..., Any], certificate: Certificate | None = None
    ) -> None:
        self._where = f"{host}:{port}"
        self._server = Server((host or "0.0.0.0", port), application, numthreads=THREADS)  # noqa: S104 as it was asked
        self._server.timeout = REQUEST_SECONDS
        self._server.max_request_header_size = LARGEST_HEAD
        self._certificate = certificate
        self._seen: tuple[int, ...] = ()
        if certificate:
            self._server.ssl_adapter = _adapter(certificate)
            self._seen = _changed_at(certificate)

    @property
    def port(self) -> int:
        """Where it listens, once it has started."""
        return int(self._server.bind_addr[1])

    def start(self) -> None:
        """Raises UserError when the address cannot be had."""
        try:
            self._server.prepare()
        except OSError as error:
            raise UserError(f"The address {quoted(self._where)} cannot be had: {error}.") from None
        Thread(target=self._server.serve, name=f"listen {self._where}", daemon=True).start()

    def stop(self) -> None:
        self._server.stop()

    def renew(self) -> None:
        """Take a certificate that was renewed, for new connections; raises UserError for one that is none."""
        if self._certificate and (at := _changed_at(self._certificate)) != self._seen:
            _load(self._server.ssl_adapter.context, self._certificate)
            self._seen = at


class _Adapter(BuiltinSSLAdapter):
    """Leaves the handshake to the thread that reads: the one that accepts would wait with everybody else."""

    def wrap(self, sock: socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        wrapped = self.context.wrap_socket(sock, do_handshake_on_connect=False, server_side=True)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


def _adapter(certificate: Certificate) -> BuiltinSSLAdapter:
    # It reads the files itself, and says less of what is wrong with them.
    _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate)
    return _Adapter(str(certificate.chain), str(certificate.key))


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    try:
        context.load_cert_chain(certificate.chain, certificate.key)
    except (OSError, ssl.SSLError) as error:
        raise UserError(
            f"The certificate {quoted(str(certificate.chain))} with the key {quoted(str(certificate.key))} "
            f"cannot be used: {error}. Both must be in PEM, and of one pair."
        ) from None


def _changed_at(certificate: Certificate) -> tuple[int, ...]:
    try:
        return tuple(path.stat().st_mtime_ns for path in certificate)
    except OSError:
        return ()
