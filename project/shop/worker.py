"""The worker: one task after the other, some of them again."""

from __future__ import annotations

import itertools
import logging
import random
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from project.shop.stopping import Stop
from project.shop.tasks import TASKS, Retry, Task

logger = logging.getLogger("shop.worker")

ATTEMPTS = 3


@dataclass(frozen=True)
class Job:
    """One task to be done, for the n-th time."""

    number: int
    task: Task
    attempt: int = 1

    @property
    def name(self) -> str:
        """What stands in the log."""
        return getattr(self.task, "__name__", "task")

    @property
    def details(self) -> dict[str, object]:
        """What every entry about it says."""
        return {"job_id": self.number, "task": self.name, "attempt": self.attempt}


class Worker:
    """Works until it is asked to stop; a task that has begun is finished."""

    def __init__(self, tasks: Mapping[Task, int] = TASKS, chance: random.Random | None = None) -> None:
        self._tasks = tasks
        self._chance = chance or random.Random()
        self._numbers = itertools.count(1)
        self._again: deque[Job] = deque()

    def run(self, stop: Stop) -> None:
        """One job after the other."""
        logger.info("Worker ready for %d kinds of task", len(self._tasks))
        while not stop.wait(self._chance.uniform(0.1, 0.9) * settings.SHOP_PAUSES):
            self.do(self._again.popleft() if self._again else self._next())
        logger.info("Worker stopped")

    def do(self, job: Job) -> None:
        """Do it, and tell how it went."""
        started = time.perf_counter()
        logger.debug("Job %d: %s begins", job.number, job.name, extra=job.details)
        try:
            done = job.task(self._chance)
        except Retry:
            self._retry(job)
        except Exception:
            logger.exception("Job %d: %s failed", job.number, job.name, extra=job.details)
        else:
            duration_ms = round((time.perf_counter() - started) * 1000, 1)
            details = {**job.details, "duration_ms": duration_ms}
            logger.info("Job %d: %s in %.1f ms", job.number, done, duration_ms, extra=details)

    def _next(self) -> Job:
        task, *_ = self._chance.choices(list(self._tasks), weights=list(self._tasks.values()))
        return Job(next(self._numbers), task)

    def _retry(self, job: Job) -> None:
        """To be called while the exception is handled: it belongs into the entry."""
        if job.attempt == ATTEMPTS:
            logger.exception("Job %d: %s given up", job.number, job.name, extra=job.details)
            return
        message = "Job %d: %s will be tried again"
        logger.warning(message, job.number, job.name, exc_info=True, extra=job.details)
        self._again.append(replace(job, attempt=job.attempt + 1))
