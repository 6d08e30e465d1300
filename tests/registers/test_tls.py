"""Registers over TLS: only a server we trust is asked, and it may ask for our own certificate (mutual TLS)."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vliegwiel.registers.brpdata import PersonenAntwoord
from vliegwiel.registers.connection import Ask, Connection, ConnectionSettings
from vliegwiel.registers.errors import RegisterUnavailable
from vliegwiel.registers.facts import Register

PERSON = Ask("POST", "/personen", "persoon", "proef", body=b"{}")


@dataclass
class Authority:
    """Signs certificates into a folder."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        self.certificate = self._sign(self.subject, self.key, authority=True)
        self.file = self.folder / f"{self.name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.Certificate:
        day = datetime.now(UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(day - timedelta(days=1))
            .not_valid_after(day + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(address, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def issue(self, name: str) -> tuple[str, str]:
        """A certificate and its key, as files."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate, private = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        certificate.write_bytes(self._sign(subject, key, authority=False).public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return str(certificate), str(private)


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"type": "RaadpleegMetBurgerservicenummer", "personen": []}')

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"), "overheid")


@pytest.fixture(scope="module")
def trusted(authority: Authority) -> Iterator[ConnectionSettings]:
    """How to reach a server that lets in only who shows a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("register"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    certificate, key = authority.issue("gemeente")
    yield ConnectionSettings(
        f"https://127.0.0.1:{server.server_address[1]}",
        ca_file=str(authority.file),
        certificate=certificate,
        private_key=key,
        attempts=1,
    )
    server.shutdown()
    thread.join()
    server.server_close()


def ask(settings: ConnectionSettings) -> PersonenAntwoord | None:
    connection = Connection(Register.BRP, settings)
    try:
        return connection.ask(PERSON, PersonenAntwoord)
    finally:
        connection.close()


def test_with_our_certificate_the_register_answers(trusted: ConnectionSettings) -> None:
    assert ask(trusted) == PersonenAntwoord(type="RaadpleegMetBurgerservicenummer")


def test_without_our_certificate_it_does_not(trusted: ConnectionSettings) -> None:
    with pytest.raises(RegisterUnavailable):
        ask(replace(trusted, certificate="", private_key=""))


def test_a_certificate_of_somebody_else_is_of_no_use(trusted: ConnectionSettings, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path, "ander").issue("gemeente")
    with pytest.raises(RegisterUnavailable):
        ask(replace(trusted, certificate=certificate, private_key=key))


def test_a_server_that_we_do_not_trust_is_told_nothing(trusted: ConnectionSettings, tmp_path: Path) -> None:
    for ca_file in ("", str(Authority(tmp_path, "ander").file)):
        with pytest.raises(RegisterUnavailable):
            ask(replace(trusted, ca_file=ca_file))
