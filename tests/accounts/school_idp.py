"""A provider of school accounts for tests: a real server on this machine that signs real tokens with its own key.

Where providers differ it can be as strict as a certified one: the address at its userinfo endpoint alone, the secret in
one way alone, its name in every answer (RFC 9207), and keys on elliptic curves.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dkh_conduct.accounts.school_accounts import OIDC, SchoolAccounts

KEY = rsa.generate_private_key(65537, 2048)
CLIENT, SECRET = "conduct-portal", "a+secret:of%the~test provider"
BASIC, POST = "client_secret_basic", "client_secret_post"


@dataclass
class Provider:
    """`says` is what it claims about whoever signs in; `changed` spoils a token in one way before it is signed."""

    says: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    sign_with: str = "RS256"
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY
    key_name: str | None = "k1"
    published: rsa.RSAPrivateKey | None = None
    tells_use_of_key: bool = True
    at_userinfo: dict[str, Any] = field(default_factory=dict)
    page: bytes = b""  # in place of a token, such as that of a proxy in between
    takes: str = POST
    gives_access: bool = True
    configured: dict[str, Any] = field(default_factory=dict)
    fails_with: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def start(self) -> Provider:
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                if provider.fails_with:
                    self.send_error(provider.fails_with)
                elif address.path == "/.well-known/openid-configuration":
                    self.say(provider.configuration())
                elif address.path == "/keys":
                    self.say({"keys": [provider.public_key()]})
                elif address.path == "/userinfo" and self.headers["Authorization"] == "Bearer a":
                    said = {"sub": provider.says.get("sub"), **provider.at_userinfo}
                    self.say({name: value for name, value in said.items() if value is not None})
                elif address.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(self.path))
                    self.end_headers()
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                asked = {name: values[0] for name, values in given.items()}
                if not provider.knows(asked, self.headers["Authorization"] or ""):
                    self.say({"error": "invalid_client", "error_description": "of ruth@dkh.example"}, 401)
                    return
                token = provider.page or provider.token(asked)
                self.say(token or {"error": "invalid_grant"}, 200 if token else 400)

            def say(self, what: dict[str, Any] | bytes, status: int = 200) -> None:
                body = what if isinstance(what, bytes) else json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            **self.configured,
        }

    def public_key(self) -> dict[str, Any]:
        held = (self.published or self.key).public_key()
        kind = jwt.algorithms.RSAAlgorithm if isinstance(held, rsa.RSAPublicKey) else jwt.algorithms.ECAlgorithm
        alg = "RS256" if self.sign_with in {"none", "HS256"} else self.sign_with
        named = {"kid": "k1", "use": "sig", **({"alg": alg} if self.tells_use_of_key else {})}
        return {**json.loads(kind.to_jwk(held)), **named}  # type: ignore[arg-type]

    def authorize(self, address: str) -> str:
        """Whoever comes here has signed in at the provider already: straight back, with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.waiting[code] = asked
        named = {"iss": self.issuer} if self.configured.get("authorization_response_iss_parameter_supported") else {}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], **named})}"

    def knows(self, given: dict[str, str], header: str) -> bool:
        """The portal, by its secret, in the one way that it was registered with."""
        if self.takes == BASIC:
            shown = base64.b64decode(header.removeprefix("Basic ")).decode().split(":")
            known = [unquote_plus(each) for each in shown] == [CLIENT, SECRET] and "client_secret" not in given
        else:
            known = (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET) and not header
        if not known:
            self.refused.append("client")
        return known

    def token(self, given: dict[str, str]) -> dict[str, Any] | None:
        asked = self.waiting.pop(given.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.decode().rstrip("=") != asked.get("code_challenge"):
            self.refused.append("code")
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "sub": "u-1",
        }
        claims = {name: value for name, value in {**claims, **self.says, **self.changed}.items() if value is not None}
        access = {"access_token": "a", "token_type": "Bearer"} if self.gives_access else {}
        return {**access, "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        key: Any = {"none": None, "HS256": SECRET.ljust(32, "x")}.get(self.sign_with, self.key)
        named = {"kid": self.key_name} if self.key_name else {}
        return jwt.encode(claims, key, algorithm=self.sign_with, headers=named)

    def named(self, kind: str = OIDC, **more: Any) -> SchoolAccounts:
        """As an installation names it."""
        about: dict[str, Any] = {"name": "Example School", "domains": frozenset({"dkh.example"}), **more}
        return SchoolAccounts(kind=kind, issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, **about)
