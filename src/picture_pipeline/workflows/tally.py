"""Counts how a run's entries ended, so that the report adds up."""

from collections import Counter
from dataclasses import dataclass, field

from picture_pipeline.model.inspected import Failed, Postponed, Rejected
from picture_pipeline.model.report import Problem, Warned
from picture_pipeline.model.run import Batch, Counts, Publication
from picture_pipeline.workflows.flat import INCOMPLETE
from picture_pipeline.workflows.plan import Finished


@dataclass(slots=True)
class Tally:
    """Grows with the run; the only state of an import besides the books."""

    _counter: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def skip(self, count: int) -> None:
        """Count entries that are known and unchanged."""
        self._counter["skipped"] += count

    def refuse(self, problem: Problem) -> None:
        """Count an entry that was not taken in."""
        self._counter[problem.outcome] += 1
        self.problems.append(problem)

    def postpone(self, path: bytes, detail: str) -> None:
        """Count an entry that waits: skipped, and named."""
        self.skip(1)
        self.problems.append(Problem(path, "skipped", "waiting", detail))

    def published(self, batch: Batch, finished: list[Finished]) -> None:
        """Count a batch that is booked."""
        new = {p.token: p for p in batch.publications}
        for one in finished:
            path = one.job.root + b"/" + one.job.candidate.path
            match one.inspected:
                case Rejected(reason, detail):
                    self.refuse(Problem(path, "rejected", reason, detail))
                case Failed(reason, detail):
                    self.refuse(Problem(path, "failed", reason, detail))
                case Postponed(detail):
                    self.postpone(path, detail)
                case _ if one.job.token in new:
                    original = new[one.job.token].original
                    self._counter["imported"] += 1
                    self._counter["bytes_imported"] += original.size
                    self._warn(path, new[one.job.token])
                case _:
                    self._counter["duplicate"] += 1

    def _warn(self, path: bytes, publication: Publication) -> None:
        original = publication.original
        if original.incomplete:
            told = next(n for n in original.notes if n.startswith(INCOMPLETE))
            detail = told.removeprefix(INCOMPLETE)
            self.warnings.append(Warned(path, original.digest, "incomplete", detail))
        if publication.unrenderable is not None:
            why = publication.unrenderable
            self.warnings.append(Warned(path, original.digest, why.reason, why.detail))

    def counts(self) -> Counts:
        """Give the counts so far."""
        return Counts(**self._counter)
