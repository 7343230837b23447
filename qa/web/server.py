"""Serve the page on this machine."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

from qa import CitespanError
from qa.web.opening import Opening
from qa.web.page import build_page, launch_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa import Assistant

__all__ = ["serve"]

_PORTS_TRIED = 20


def serve(
    open_assistant: Callable[[], Assistant],
    host: str,
    port: int,
    *,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        open_assistant: Gives who is asked: the library is opened and the models are loaded in the
            background, once the page is up.
        host: The address to listen on; loopback unless the articles may be read by others.
        port: The first port to try; where it is taken, the next free one of twenty.
        on_ready: Called with the page's address once it can be opened.

    Raises:
        CitespanError: If none of the ports is free, or the host cannot be listened on.
    """
    opening = Opening(open_assistant)
    page = build_page(opening)
    try:
        url = _launch(page, host, port)
        print(f"Citespan is at {url} (Ctrl-C stops it)", flush=True)
        opening.start()
        if on_ready is not None:
            on_ready(url)
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    finally:
        page.close(verbose=False)


def _launch(page: Any, host: str, first: int) -> str:
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        if not _is_free(host, port):
            print(f"Port {port} is taken, trying the next one.", flush=True)
            continue
        try:
            page.launch(
                server_name=host, server_port=port, prevent_thread_lock=True, **launch_options()
            )
        except OSError:  # somebody took it in between
            print(f"Port {port} is taken, trying the next one.", flush=True)
            continue
        return _address(host, port)
    raise CitespanError(
        f"no free port from {first} to {first + _PORTS_TRIED - 1} on {host}: stop what uses them "
        "or choose another port"
    )


def _is_free(host: str, port: int) -> bool:
    family, kind, proto, _, address = _resolve(host, port)
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def _resolve(host: str, port: int) -> Any:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CitespanError(f"cannot listen on {host!r}: {error.strerror}") from error


def _address(host: str, port: int) -> str:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - said, not listened on
    shown = everywhere.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
