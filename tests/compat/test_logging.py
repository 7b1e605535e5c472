"""However the project configures logging."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from logconsole.handlers import RingBufferHandler
from tests.compat.conftest import Look
from tests.newcomer import Newcomer

ITSELF = """
import logging.config
LOGGING_CONFIG = None
logging.config.dictConfig(LOGGING)
"""
YAML = """
import yaml
LOGGING = yaml.safe_load((BASE_DIR / "logging.yaml").read_text())
"""
FILE = """
version: 1
disable_existing_loggers: false
formatters:
  plain: {format: "%(levelname)s %(message)s"}
handlers:
  console: {class: logging.StreamHandler, formatter: plain}
  jsonl: {class: logconsole.handlers.JSONLHandler, level: INFO}
root: {handlers: [console, jsonl], level: DEBUG}
loggers:
  django.request: {level: ERROR}
"""
STRUCTLOG = """
import structlog
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
LOGGING["formatters"] = {
    "structlog": {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    }
}
LOGGING["handlers"]["console"] = {"class": "logging.StreamHandler", "formatter": "structlog"}
LOGGING["root"]["handlers"].append("console")
"""
SAY = """
import django; django.setup()
import structlog
structlog.contextvars.bind_contextvars(tenant="north")
log = structlog.get_logger("shop.orders")
log.warning("Order placed", order_id=5, password="hunter2")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("Order failed", order_id=6)
"""


def test_a_project_that_configures_logging_by_itself(project: Newcomer, look: Look) -> None:
    """`LOGGING_CONFIG = None`, and its own call of dictConfig before the apps are loaded."""
    project.append(project.settings, ITSELF)
    look(project)


def test_a_configuration_in_yaml(project: Newcomer, look: Look) -> None:
    """With a console handler beside ours."""
    (project.directory / "logging.yaml").write_text(FILE)
    project.append(project.settings, YAML)
    look(project)


def test_structlog_keeps_events_not_dictionaries(project: Newcomer, look: Look) -> None:
    """Its ProcessorFormatter prints what it likes; an entry has the event as message and the rest as fields."""
    project.append(project.settings, STRUCTLOG)
    look(project)
    project.run("-c", SAY)
    lines = project.manage("export_logs", "--query", "tenant:north", "--format", "jsonl").splitlines()
    assert len(lines) == 2
    assert '"msg":"Order placed","logger":"shop.orders"' in lines[0]
    assert '"extra":{' in lines[0] and '"_logger"' not in lines[0]
    for field in ('"tenant":"north"', '"order_id":5', '"password":"[redacted]"'):
        assert field in lines[0]
    assert '"exc":"Traceback' in lines[1] and "ZeroDivisionError" in lines[1]


def test_loguru_hands_its_messages_over(project: Newcomer) -> None:
    """One of our handlers is a sink of it."""
    project.run(
        "-c",
        "import django; django.setup()\n"
        "from loguru import logger\n"
        "from logconsole.handlers import JSONLHandler\n"
        'logger.add(JSONLHandler(), format="{message}")\n'
        'logger.bind(order_id=7).warning("From {}", "loguru")\n',
    )
    (line,) = project.manage("export_logs", "--query", "loguru", "--format", "jsonl").splitlines()
    assert '"level":"WARNING","msg":"From loguru"' in line
    assert '"order_id":7' in line


def test_loggers_that_a_configuration_switches_off_are_told(project: Newcomer) -> None:
    """`disable_existing_loggers`, which is what `dictConfig` does unless told otherwise: django.request is silent."""
    project.append(project.settings, 'LOGGING["disable_existing_loggers"] = True\n')
    with pytest.raises(AssertionError, match=r"logconsole\.W013.* django, "):
        project.manage("check", "--fail-level", "WARNING")


def test_caplog_sees_what_the_stores_see(caplog: Any, settings: Any, tmp_path: Path) -> None:
    """Our handler stands beside pytest's own, and takes nothing away from it."""
    logging.getLogger().addHandler(RingBufferHandler())
    with caplog.at_level(logging.INFO):
        logging.getLogger("shop").info("Order %s", "S1", extra={"order_id": "S1"})
    assert [record.getMessage() for record in caplog.records] == ["Order S1"]
    assert caplog.records[0].order_id == "S1"
