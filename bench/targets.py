"""What a logging call can be made to write to: ours, and the peers that are installed."""

from __future__ import annotations

import logging
import logging.config
import logging.handlers
import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any

Log = Callable[..., None]
SEGMENT = 10_000_000
JSON_FIELDS = "%(asctime)s %(levelname)s %(name)s %(process)d %(threadName)s %(pathname)s %(lineno)d %(message)s"


class NoOp(logging.Handler):
    """A handler as every other one, with its filters and its lock, that does nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        """Nothing."""


def no_op(directory: Path) -> Log:
    """The floor of `logging` itself."""
    return _root(NoOp())


def file_plain(directory: Path) -> Log:
    """`FileHandler`, plain text."""
    return _root(logging.FileHandler(directory / "log"), logging.Formatter("%(asctime)s %(levelname)s %(message)s"))


def rotating_plain(directory: Path) -> Log:
    """`RotatingFileHandler`, plain text."""
    return _root(_rotating(directory), logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))


def rotating_json(directory: Path) -> Log:
    """`RotatingFileHandler` with python-json-logger: what most sites have."""
    from pythonjsonlogger.json import JsonFormatter

    return _root(_rotating(directory), JsonFormatter(JSON_FIELDS))


def rotating_orjson(directory: Path) -> Log:
    """The same with orjson."""
    from pythonjsonlogger.orjson import OrjsonFormatter

    return _root(_rotating(directory), OrjsonFormatter(JSON_FIELDS))


def concurrent_orjson(directory: Path) -> Log:
    """concurrent-log-handler with python-json-logger's orjson formatter."""
    from concurrent_log_handler import ConcurrentRotatingFileHandler
    from pythonjsonlogger.orjson import OrjsonFormatter

    handler = ConcurrentRotatingFileHandler(str(directory / "log"), maxBytes=SEGMENT, backupCount=9)
    return _root(handler, OrjsonFormatter(JSON_FIELDS))


def queue_orjson(directory: Path) -> Log:
    """A queue and its listener's thread: quick to call, and what is queued dies with the process."""
    from pythonjsonlogger.orjson import OrjsonFormatter

    inner = _rotating(directory)
    inner.setFormatter(OrjsonFormatter(JSON_FIELDS))
    waiting: queue.Queue[Any] = queue.Queue(-1)
    logging.handlers.QueueListener(waiting, inner).start()
    return _root(logging.handlers.QueueHandler(waiting))


def loguru(directory: Path) -> Log:
    """loguru, serialised, with rotation."""
    from loguru import logger

    logger.remove()
    logger.add(str(directory / "log"), serialize=True, rotation=SEGMENT)

    def log(message: str, *args: object, extra: dict[str, Any] | None = None, exc_info: bool = False) -> None:
        logger.opt(exception=exc_info).bind(**(extra or {})).info(message % args)

    return log


def structlog(directory: Path) -> Log:
    """structlog with orjson, without `logging` and without rotation."""
    import orjson
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        logger_factory=structlog.BytesLoggerFactory((directory / "log").open("ab")),
    )
    logger = structlog.get_logger()

    def log(message: str, *args: object, extra: dict[str, Any] | None = None, exc_info: bool = False) -> None:
        logger.info(message % args, exc_info=exc_info, **(extra or {}))

    return log


def ours_ring(directory: Path) -> Log:
    """`RingBufferHandler` alone."""
    return _ours(directory, ["ring"])


def ours_file(directory: Path) -> Log:
    """`JSONLHandler` alone."""
    return _ours(directory, ["jsonl"])


def ours(directory: Path) -> Log:
    """Both handlers on the root, as the README sets them up."""
    return _ours(directory, ["ring", "jsonl"])


def ours_unredacted(directory: Path) -> Log:
    """The same without looking for secrets: what that costs is the difference."""
    return _ours(directory, ["ring", "jsonl"], REDACT=False)


TARGETS = (
    *(no_op, file_plain, rotating_plain, rotating_json, rotating_orjson, concurrent_orjson, queue_orjson),
    *(loguru, structlog, ours_ring, ours_file, ours, ours_unredacted),
)


def _ours(directory: Path, handlers: list[str], **given: Any) -> Log:
    from django.conf import settings

    file = {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"directory": directory}}
    ring = {"BACKEND": "logconsole.stores.ring.RingStore"}
    stores = {"STORES": {"file": file, "ring": ring}}
    settings.configure(LOGCONSOLE={**stores, **given}, BASE_DIR=Path(__file__).parent.parent)
    known = {"ring": "RingBufferHandler", "jsonl": "JSONLHandler"}
    logging.config.dictConfig(
        {
            "version": 1,
            "handlers": {name: {"class": f"logconsole.handlers.{known[name]}"} for name in handlers},
            "root": {"handlers": handlers, "level": "INFO"},
        }
    )
    return logging.getLogger("shop.orders").info


def _rotating(directory: Path) -> logging.Handler:
    return logging.handlers.RotatingFileHandler(directory / "log", maxBytes=SEGMENT, backupCount=9)


def _root(handler: logging.Handler, formatter: logging.Formatter | None = None) -> Log:
    if formatter:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("INFO")
    return logging.getLogger("shop.orders").info
