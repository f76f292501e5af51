"""getUpdates and the webhook's settings."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox.server.errors import bad_request, conflict
from sandbox.server.methods import method
from sandbox.server.state import State, Webhook

if TYPE_CHECKING:
    from sandbox.server.params import Params

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates")
async def get_updates(state: State, params: Params) -> list[dict[str, Any]]:
    """Long-poll for updates."""
    if state.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    state.updates.allow(params.array("allowed_updates"))
    return await state.updates.get(params.integer("offset"), params.integer("limit", 100), params.integer("timeout"))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@method("setWebhook")
async def set_webhook(state: State, params: Params) -> bool:
    """Push updates to an address; an empty one ends that."""
    url = params.text("url")
    if not url:
        state.webhook = Webhook()
        return True
    parts = urlsplit(url)
    # A local Bot API server takes plain HTTP as well; here only towards this machine.
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname or "")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.maybe("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.flag("drop_pending_updates"):
        state.updates.clear()
    state.updates.allow(params.array("allowed_updates"))
    state.webhook = Webhook(url, secret, params.integer("max_connections", 40))
    state.updates.terminate("terminated by setWebhook request")
    state.signal.notify()
    return True


@method("deleteWebhook")
async def delete_webhook(state: State, params: Params) -> bool:
    """Go back to long polling."""
    if params.flag("drop_pending_updates"):
        state.updates.clear()
    state.webhook = Webhook()
    state.signal.notify()
    return True


@method("getWebhookInfo")
async def get_webhook_info(state: State, _params: Params) -> dict[str, Any]:
    """How the webhook fares."""
    hook = state.webhook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.pending),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.last_error_date is not None:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    if state.updates.allowed:
        info["allowed_updates"] = state.updates.allowed
    return info
