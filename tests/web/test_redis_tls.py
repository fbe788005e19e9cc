"""The list on a Redis behind TLS: who answers must be whom the address names."""

import ipaddress
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.web.redis_server import RedisServer
from bot.web.redis_todo import RedisTodo
from bot.web.todo import NotKept
from tests.web import redis_machine

NAMED = "queue.example.com"


def certify(folder: Path, *names: x509.GeneralName) -> tuple[Path, Path]:
    """A certificate for these names, which signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMED)]), datetime.now(UTC)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    held, secret = folder / "cert.pem", folder / "key.pem"
    held.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return held, secret


@pytest.fixture(params=["its own", "another's"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[RedisServer, bool]]:
    """A server whose certificate this machine trusts, and whether that is of the address that is asked."""
    if not redis_machine.PROGRAM:
        pytest.skip(redis_machine.WHY_NOT)
    is_own = request.param == "its own"
    address = (x509.IPAddress(ipaddress.ip_address("127.0.0.1")),) if is_own else ()
    held, secret = certify(tmp_path, x509.DNSName(NAMED), *address)
    monkeypatch.setenv("SSL_CERT_FILE", str(held))
    port = redis_machine.free_port()
    files = [f"tls-cert-file {held}", f"tls-key-file {secret}", f"tls-ca-cert-file {held}"]
    with redis_machine.machine(tmp_path / "redis", f"tls-port {port}", *files, "tls-auth-clients no") as made:
        yield replace(made.server, port=port, is_encrypted=True), is_own


def test_a_certificate_of_another_host_is_not_believed(server: tuple[RedisServer, bool]) -> None:
    address, is_own = server
    with closing(RedisTodo(address, clock=None)) as todo:
        if is_own:
            assert sum(todo.depth(7)) == 0
            return
        with pytest.raises(NotKept, match=r"(?i)certificate.*not valid for '127\.0\.0\.1'"):
            todo.depth(7)
