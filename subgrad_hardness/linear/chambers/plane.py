"""The cells of arrangements of lines in planes: the bottom of the recursion of ``linear.chambers.listing``."""

from __future__ import annotations

import numpy as np

from subgrad_hardness.linear.chambers.flats import Flats, Found, packed
from subgrad_hardness.linear.chambers.signs import Indices, PlaneForms

# About so many signs are in an array at a time.
_AT_ONCE = 2**20


def plane_cells(flats: Flats, wanted: bool) -> Found:
    """Where form 0 is positive, the cells of the lines whose forms are below each plane's prefix.

    The half-plane is swept counterclockwise.  Each line, that of form 0 first, has one ray in it, or on its border, and
    the cell that comes next after the ray is represented by the ray turned a little: with form r and ray v, the sign of
    r v, or, if that is 0, of r v' where v' is v turned by a right angle.  For form k = (a, b) and v = s (-b, a), v' is
    -s (a, b). So there is one cell for each line.
    """
    counting = flats.present & (np.arange(flats.rows.shape[1]) < np.maximum(flats.prefix, 1)[:, np.newaxis])
    planes, forms = np.nonzero(counting)
    ready = PlaneForms(flats.rows)
    step = max(1, _AT_ONCE // flats.rows.shape[1])
    parts = [
        _after_rays(flats, ready, planes[begin : begin + step], forms[begin : begin + step], wanted)
        for begin in range(0, len(planes), step)
    ]
    ladders = [part.ladders for part in parts if part.ladders is not None]
    return Found(
        np.concatenate([part.owners for part in parts]),
        np.concatenate([part.words for part in parts]),
        np.concatenate(ladders) if ladders else None,
    )


def _after_rays(flats: Flats, ready: PlaneForms, plane: Indices, form: Indices, wanted: bool) -> Found:
    """The cells that come next after the rays of these lines."""
    rows, present = flats.rows, flats.present
    own = rows[plane, form]
    signs = ready.determinant_signs(plane, form)
    zero = (signs == 0) & present[plane]
    # A line that an earlier form has, too, is met there.
    first = zero.argmax(axis=1) == form
    plane, form, own, signs, zero = plane[first], form[first], own[first], signs[first], zero[first]
    side = np.where(form == 0, -1, signs[:, 0]).astype(np.int8)
    heads = flats.heads()
    turned = -heads[plane] * heads[plane, form][:, np.newaxis]
    signs = np.where(zero, turned, signs) * side[:, np.newaxis]
    points = None
    if wanted:
        sizes = np.abs(own).max(axis=1)[:, np.newaxis]
        unit = (own / sizes).astype(np.float64) * side[:, np.newaxis]
        first_span, second_span = flats.bases[plane, :, 0], flats.bases[plane, :, 1]
        a, b = unit[:, :1], unit[:, 1:]
        points = np.stack([a * second_span - b * first_span, -a * first_span - b * second_span], axis=1)
    return Found(plane, packed(signs > 0), points)
