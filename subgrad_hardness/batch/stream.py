"""``check_many``: ``check`` over a stream of nets, in processes or on a cluster, with a file that loses nothing."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Generator, Iterable, Sequence, Sized
from contextlib import ExitStack
from pathlib import Path

from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.api.options import require_positive
from subgrad_hardness.batch.deciding import decide, lost
from subgrad_hardness.batch.item import Item, NetResult, Options
from subgrad_hardness.batch.items import several, take
from subgrad_hardness.batch.tally import Tally
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import make_folder, write_text
from subgrad_hardness.common.progress import within
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.choice import workers_for
from subgrad_hardness.processes.workers import Workers

# Names of files have a limit; the digest tells nets of one name apart.
_LONGEST_STEM = 40


def check_many(
    nets: Iterable[NetLike] | NetLike,
    *,
    jobs: int = 1,
    dask: str | None = None,
    output: str | os.PathLike[str] | None = None,
    certificates: str | os.PathLike[str] | None = None,
    point: Sequence[NumberLike] | None = None,
    solver: str = "auto",
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
    cross_checks: bool = True,
    certify: bool | None = None,
    threads: int = 1,
) -> Generator[NetResult, None, None]:
    """``check`` on many nets, each alone; results come as they are reached, in any order.

    Parameters
    ----------
    nets : iterable of paths, mappings or Programs
        ``find_nets`` has the paths for folders, globs and manifests.  Parsed mappings and Programs are called
        ``<net 1>``, ``<net 2>``, ... by their places.  Taken from as nets are needed; a name that comes again is
        passed over.
    jobs : int, optional
        How many processes decide nets.
    dask : str, optional
        The address of a Dask scheduler that does it instead, or ``local:N`` for a cluster of N processes here.  Files
        are read here and their bytes sent, so that the machines need no folder in common.
    output : path, optional
        A file that gets a line for each net before its result is handed on (docs/batch.md).  A net that already has a
        line, for the same name and bytes, is not done again: the same call goes on where another was interrupted or
        killed.
    certificates : path, optional
        A folder, made if need be, for one certificate a net, ``NAME-DIGEST.cert``.
    point, solver, time_limit, memory_limit, seed, cross_checks, certify, threads : optional
        Of each ``check``.

    Returns
    -------
    generator of NetResult
        One a net: bad input, limits, crashed processes and internal errors are results, too.  Closing it stops the
        processes.

    Raises
    ------
    ParameterError, PointError
        At once for a bad option.
    ParameterError
        At the first step, for an output that holds something else, or lines made with other options.
    OutputError
        At the first step, for an output that cannot be written or that another process is writing to; later where a
        line or a certificate cannot be written (the output then holds whole lines only).
    WorkersLost
        Processes cannot start, or the cluster is gone.

    Notes
    -----
    What ``check`` costs, for each net; with a time or memory limit about 0.1 s more.  Memory: a few nets, and a few
    words a name.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> [(result.net, result.verdict) for result in sh.check_many([net])]
    [('<net 1>', 'distinct')]
    """
    jobs = require_positive(jobs, "jobs", "processes")
    if certificates is not None and certify is False:
        raise ParameterError("contradicts certificates", place="certify")
    options = CheckOptions(
        point=None if point is None else exact_vector(point, len(point), "point"),
        solver=solver,
        time_limit=time_limit,
        memory_limit=memory_limit,
        seed=seed,
        cross_checks=cross_checks,
        certify=certify,
        threads=threads,
    ).required()
    asked = Options(check=options, certificates=None if certificates is None else os.fspath(certificates))
    return _results(nets, asked, workers_for(decide, lost, jobs, dask), output)


def _results(
    nets: Iterable[NetLike] | NetLike,
    options: Options,
    workers: Workers[Item, NetResult],
    output: str | os.PathLike[str] | None,
) -> Generator[NetResult, None, None]:
    together = several(nets)
    tally = Tally(len(together) if isinstance(together, Sized) else None)
    with ExitStack() as stack:
        journal = None
        if output is not None:
            try:
                from subgrad_hardness.batch.journal import Journal
            except ImportError:
                raise ParameterError("needs file locks, and this system has none", place="output") from None
            journal = stack.enter_context(Journal(output, options))
        if options.certificates is not None:
            make_folder(options.certificates)

        def keep(result: NetResult) -> NetResult:
            result = _with_certificate(result)
            if journal is not None:
                journal.append(result)
            tally.add(result)
            return result

        def next_of(workers: Workers[Item, NetResult]) -> NetResult:
            with within(tally.progress()):
                return keep(workers.next())

        stack.enter_context(workers)
        for taken in take(together, options):
            found = journal.earlier(taken.net, taken.sha256) if journal is not None else None
            if found is not None:
                tally.add(found)
                yield found
            elif isinstance(taken, NetResult):
                yield keep(taken)
            else:
                while workers.full:
                    yield next_of(workers)
                workers.submit(taken)
        while workers.busy:
            yield next_of(workers)


def _with_certificate(result: NetResult) -> NetResult:
    """Write the certificate, where one is asked for and there."""
    folder = result.options.certificates
    if folder is None or result.result is None or result.result.certificate is None:
        return result
    file = str(Path(folder) / certificate_name(result.net, result.result.certificate.digest))
    write_text(file, result.result.certificate.dumps())
    return dataclasses.replace(result, certificate=file)


def certificate_name(net: str, digest: str) -> str:
    """The file of a net's certificate within the folder of certificates."""
    return f"{Path(net).stem[:_LONGEST_STEM]}-{digest[:12]}.cert"
