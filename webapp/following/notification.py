"""What is a receiver sent?  The notification of an event, and the signature that proves who sent it.

docs/contract.md describes both.  They follow Standard Webhooks (https://www.standardwebhooks.com), whose
libraries verify them in many languages.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from index.outbox import Event
from index.store import Revision, StoredEntry
from ingest.contract import facts_json
from ingest.errors import ConfigError
from webapp import urls
from webapp.configuration import Receiver

PREFIX = "whsec_"  # of secrets that are written in Base64


def key(receiver: str, event: Event) -> str:
    """The same for every attempt to tell a receiver of one revision, and of nothing else."""
    told = f"{receiver}\0{event.entry}\0{event.revision}".encode()
    return f"msg_{hashlib.blake2b(told, digest_size=16).hexdigest()}"


def notification(
    receiver: Receiver, event: Event, stored: StoredEntry, revisions: Sequence[Revision]
) -> dict[str, Any]:
    """The JSON that tells of an event: the entry as it was then, and what of it was otherwise before."""
    now = revisions[event.revision - 1]
    facts = facts_json(now.entry)
    before = facts_json(revisions[event.revision - 2].entry) if event.revision > 1 else facts
    return {
        "id": key(receiver.name, event),
        "event": event.kind.value,
        "seen": f"{event.seen:%Y-%m-%dT%H:%M:%SZ}",
        "entry": {
            "id": event.entry,
            "source": stored.source,
            "url": receiver.site.rstrip("/") + urls.entry(event.entry) if receiver.site else None,
            "revision": event.revision,
            **facts,
            "text": now.text,
        },
        "changed": list(now.changed),
        "previous": {name: value for name, value in before.items() if value != facts[name]},
    }


def encoded(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def secret_of(receiver: Receiver, folder: Path) -> bytes | None:
    """The bytes to sign with, if the receiver has a secret.  Raises ConfigError where it cannot be had."""
    where = f"the secret of {receiver.name!r}"
    text = receiver.secret
    if receiver.secret_env:
        text = os.environ.get(receiver.secret_env)
        if not text:
            raise ConfigError(f"{receiver.secret_env} is not set", where, "set this environment variable")
    if receiver.secret_file:
        place = folder / receiver.secret_file
        try:
            text = place.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(f"{place} cannot be read ({reason})", where, "check the file") from error
        if not text:
            raise ConfigError(f"{place} is empty", where, "write the secret into it")
    return _bytes(text, where) if text else None


def _bytes(secret: str, where: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(f"what follows {PREFIX} is no Base64", where, "mend the secret") from None


def headers(message: str, body: bytes, at: datetime, secret: bytes | None) -> dict[str, str]:
    """The headers of one attempt, signed where there is a secret."""
    stamp = str(int(at.timestamp()))
    made = {
        "Content-Type": "application/json",
        "Idempotency-Key": message,
        "Webhook-Id": message,
        "Webhook-Timestamp": stamp,
    }
    if secret is not None:
        signed = hmac.new(secret, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
        made["Webhook-Signature"] = f"v1,{base64.b64encode(signed).decode()}"
    return made
