"""Who is asking: a login where there is one, else a cookie that the browser keeps."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    import gradio as gr

    from qa.transcripts import Transcripts

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

__all__ = ["COOKIE", "VisitorCookie", "owner_of"]

COOKIE = "citespan_visitor"

_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_LIFE = 400 * 24 * 3600  # seconds; browsers keep none longer


class VisitorCookie:
    """Gives each new browser a random id, in a cookie that no script can read.

    A middleware in the ASGI protocol. The id means nothing by itself: a file of conversations makes
    an owner of it, another one in each library.

    Args:
        app: What answers the requests.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the answer to a page's first one brings the cookie."""
        if scope["type"] != "http" or scope["path"] != "/" or _token(_cookies(scope)):
            await self._app(scope, receive, send)
            return
        flags = f"Path=/; Max-Age={_LIFE}; HttpOnly; SameSite=Lax"
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; {flags}{secure}"

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _cookies(scope: Scope) -> dict[str, str]:
    sent = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        return {name: one.value for name, one in SimpleCookie(sent.decode("latin-1")).items()}
    except CookieError:
        return {}


def _token(cookies: Any) -> str:
    """Take the id out of a browser's cookies; an empty string where there is none of ours."""
    token = cookies.get(COOKIE, "")
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else ""


def owner_of(request: gr.Request, transcripts: Transcripts) -> str:
    """Give the owner of the conversations of whoever sent a request.

    Returns:
        An empty string where neither login nor cookie came with it.
    """
    login = getattr(request, "username", None)
    if login:
        return transcripts.owner_of(f"login {login}")
    token = _token(getattr(request, "cookies", None) or {})
    return transcripts.owner_of(f"browser {token}") if token else ""
