"""A software passkey and an authenticator app for tests."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from typing import TYPE_CHECKING

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

FLAG = AuthenticatorData.FLAG


def give_app(user: User) -> str:
    """Its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_backup_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code_of(secret: str) -> str:
    """What the app shows now."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


class Passkey:
    """What a phone does: makes a key for one place, and signs with it what that place asks."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.owner = ""

    def made(self, options: str, *, knows_its_owner: bool = True) -> str:
        """As the browser hands on a new passkey. One that does not know its owner was only touched."""
        asked = json.loads(options)["publicKey"]
        self.owner = asked["user"]["id"]
        public = AttestedCredentialData.create(Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key()))
        flags = FLAG.USER_PRESENT | FLAG.ATTESTED | (FLAG.USER_VERIFIED if knows_its_owner else FLAG(0))
        said = AuthenticatorData.create(_here(asked["rp"]["id"]), flags, 0, public)
        attested = AttestationObject.create("none", said, {})
        return self._posted("webauthn.create", asked["challenge"], attestationObject=attested)

    def signed(self, options: str) -> str:
        """As the browser hands on the answer to a challenge."""
        asked = json.loads(options)["publicKey"]
        said = AuthenticatorData.create(_here(asked["rpId"]), FLAG.USER_PRESENT | FLAG.USER_VERIFIED, 1)
        challenge = _client("webauthn.get", asked["challenge"])
        signature = self.key.sign(said + challenge.hash, ec.ECDSA(hashes.SHA256()))
        return self._posted("webauthn.get", asked["challenge"], authenticatorData=said, signature=signature)

    def _posted(self, kind: str, challenge: str, **more: bytes) -> str:
        response = {name: websafe_encode(value) for name, value in more.items()}
        response |= {"clientDataJSON": websafe_encode(_client(kind, challenge)), "userHandle": self.owner}
        key = websafe_encode(self.id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})


def _here(place: str) -> bytes:
    return hashlib.sha256(place.encode()).digest()


def _client(kind: str, challenge: str) -> CollectedClientData:
    return CollectedClientData.create(kind, challenge, "http://testserver")
