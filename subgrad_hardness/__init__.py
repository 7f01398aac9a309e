"""Decide, exactly and with proof, whether a ReLU network has two distinct Clarke subgradients at a point.

===========  ===========================================================================================================
To           use
===========  ===========================================================================================================
decide       ``check``; ``check_many`` and ``find_nets`` for many nets; ``verify`` for a certificate; ``progress``
             shows how far long calls are
look         ``info``, ``doctor`` (at this installation), ``value``, ``directional_derivative``, ``to_networkx``
             ``plot_fan``, ``plot_clarke``, ``plot_scaling``, ``plot_transition``, ``plot_cost``, ``plot_piggyback``,
             ``plot_census``; ``picture`` shows in a notebook what they return (``Picture``),
             ``draw_panel`` draws one panel into axes of yours
derive       ``gradient`` (what backpropagation returns), ``clarke_subgradient`` (a true one),
             ``lexicographic_derivative``, ``lexicographic_subgradients`` (all), ``sample`` (some)
count        ``cost`` (what differentiating costs), ``backward`` and ``forward`` (derived programs), ``dictionary`` (of
             operations) and its bounds, ``Weights``, ``forward_limit``
the whole    ``subdifferential`` (all members, vertices, facets, volume), ``contains`` (is a vector a subgradient?),
             ``support``, ``shortest``, ``stationary``, ``regular``, ``lipschitz``
audit        ``audit`` (what does a framework's gradient mean?), ``audit_torch`` (that of a module),
             ``audit_jax``, ``audit_tensorflow`` (that of a function), ``gradcheck``, ``census`` (over a data set);
             ``subgrad_hardness.testing`` has an assertion for tests
regions      ``affine``, ``cube`` (the largest on which a net is affine), ``equal`` (two nets)
iterate      ``Iteration``, ``load_iteration``, ``fixed_point``, ``fixed_point_box`` (bounds), ``solution_kink``,
             ``verify_solution``, ``piggyback``, ``piggyback_set``, ``verify_piggyback_set``, ``implicit_set``,
             ``iterations`` (ready algorithms), ``as_iteration`` (a net as the limit of one), ``solution_path``,
             ``lasso_solution``, ``lasso_path``, ``total_variation_path``, ``graphical_lasso_solution``,
             ``contraction``, ``joint_spectral_radius``, ``verify_spectral_radius`` (rates, growth of products)
train        ``loss_program`` (a net on data, with a loss, as a program in its parameters)
read, write  ``Program``, ``load``, ``dumps``, ``to_graph``, ``to_layers``
write down   ``variables``, ``relu``, ``maximum``, ``minimum`` (nets as expressions), ``Expression``, ``Vector``
generate     ``generate``, ``families``
disguise     ``obfuscate``, and ``carry_back``, ``carry_forward``, ``carry_subgradient_back``,
             ``carry_subgradient_forward`` between the net as it was and as it is
ask others   ``encode`` for an outside solver, ``decode`` for its answer
results      ``CheckResult``, ``VerifyResult``, ``NetResult``, ``GradientResult``, ``SampleResult``, ``PiecesResult``,
             ``NetInfo``, ``DoctorResult``, ``ContainsResult``, ``Distance``, ``SupportResult``, ``ShortestResult``,
             ``StationaryResult``, ``RegularResult``, ``LipschitzResult``, ``AffineResult``, ``CubeResult``,
             ``EqualResult``, ``CostReport``, ``Subdifferential``, ``SubdifferentialResult``, ``SolutionKinkResult``,
             ``PiggybackResult``, ``PiggybackSetResult``, ``ImplicitSetResult``, ``FixedPoint``, ``FixedPointBox``,
             ``LassoSolution``, ``LassoPath``, ``TotalVariationPath``, ``SolutionPath``,
             ``GraphicalLassoSolution``, ``ContractionResult``, ``SpectralRadiusResult``, ``AuditResult``,
             ``GradcheckResult``, ``CensusResult``, ``CensusRecord``
bad input    ``InputError``: ``NetError``, ``PointError``, ``ParameterError``, ``CertificateError``, ``FormulaError``,
             ``EncodingError``, ``AnswerError``
other ends   ``OutputError`` (cannot be written), ``LimitReached``, ``Interrupted`` (Ctrl-C), ``Disagreement`` (a bug:
             two parts of the package contradict each other)
===========  ===========================================================================================================

>>> import subgrad_hardness as sh
>>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
>>> result = sh.check(net)
>>> result.verdict, result.subgradients
('distinct', (((Fraction(-1, 1),),), ((Fraction(1, 1),),)))
>>> sh.verify(net, result.certificate).verdict
'distinct'

Every public name is imported when it is first used, so that a small check loads little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from subgrad_hardness.api.affine import AffineResult as AffineResult
    from subgrad_hardness.api.affine import affine as affine
    from subgrad_hardness.api.audit import audit as audit
    from subgrad_hardness.api.audit_jax import audit_jax as audit_jax
    from subgrad_hardness.api.audit_result import AuditResult as AuditResult
    from subgrad_hardness.api.audit_tensorflow import audit_tensorflow as audit_tensorflow
    from subgrad_hardness.api.audit_torch import audit_torch as audit_torch
    from subgrad_hardness.api.check import check as check
    from subgrad_hardness.api.contains import contains as contains
    from subgrad_hardness.api.contains_result import ContainsResult as ContainsResult
    from subgrad_hardness.api.contains_result import Distance as Distance
    from subgrad_hardness.api.contraction import ContractionResult as ContractionResult
    from subgrad_hardness.api.contraction import contraction as contraction
    from subgrad_hardness.api.cost import cost as cost
    from subgrad_hardness.api.cost_limit import forward_limit as forward_limit
    from subgrad_hardness.api.cost_report import CostReport as CostReport
    from subgrad_hardness.api.cross_checks import Disagreement as Disagreement
    from subgrad_hardness.api.cube import CubeResult as CubeResult
    from subgrad_hardness.api.cube import cube as cube
    from subgrad_hardness.api.decode import decode as decode
    from subgrad_hardness.api.derived_programs import backward as backward
    from subgrad_hardness.api.derived_programs import forward as forward
    from subgrad_hardness.api.doctor import DoctorResult as DoctorResult
    from subgrad_hardness.api.doctor import doctor as doctor
    from subgrad_hardness.api.encode import encode as encode
    from subgrad_hardness.api.equal import EqualResult as EqualResult
    from subgrad_hardness.api.equal import equal as equal
    from subgrad_hardness.api.fixed_point import FixedPoint as FixedPoint
    from subgrad_hardness.api.fixed_point import fixed_point as fixed_point
    from subgrad_hardness.api.fixed_point_box import FixedPointBox as FixedPointBox
    from subgrad_hardness.api.fixed_point_box import fixed_point_box as fixed_point_box
    from subgrad_hardness.api.generate import families as families
    from subgrad_hardness.api.generate import generate as generate
    from subgrad_hardness.api.gradcheck import GradcheckResult as GradcheckResult
    from subgrad_hardness.api.gradcheck import gradcheck as gradcheck
    from subgrad_hardness.api.gradient import GradientResult as GradientResult
    from subgrad_hardness.api.gradient import gradient as gradient
    from subgrad_hardness.api.graph import to_networkx as to_networkx
    from subgrad_hardness.api.graphical_lasso import GraphicalLassoSolution as GraphicalLassoSolution
    from subgrad_hardness.api.graphical_lasso import graphical_lasso_solution as graphical_lasso_solution
    from subgrad_hardness.api.implicit_set import ImplicitSetResult as ImplicitSetResult
    from subgrad_hardness.api.implicit_set import implicit_set as implicit_set
    from subgrad_hardness.api.info import NetInfo as NetInfo
    from subgrad_hardness.api.info import info as info
    from subgrad_hardness.api.joint_spectral_radius import SpectralRadiusResult as SpectralRadiusResult
    from subgrad_hardness.api.joint_spectral_radius import joint_spectral_radius as joint_spectral_radius
    from subgrad_hardness.api.lasso import LassoSolution as LassoSolution
    from subgrad_hardness.api.lasso import lasso_solution as lasso_solution
    from subgrad_hardness.api.lasso_path import LassoPath as LassoPath
    from subgrad_hardness.api.lasso_path import TotalVariationPath as TotalVariationPath
    from subgrad_hardness.api.lasso_path import lasso_path as lasso_path
    from subgrad_hardness.api.lasso_path import total_variation_path as total_variation_path
    from subgrad_hardness.api.lipschitz import LipschitzResult as LipschitzResult
    from subgrad_hardness.api.lipschitz import lipschitz as lipschitz
    from subgrad_hardness.api.loss_program import loss_program as loss_program
    from subgrad_hardness.api.obfuscate import carry_back as carry_back
    from subgrad_hardness.api.obfuscate import carry_forward as carry_forward
    from subgrad_hardness.api.obfuscate import carry_subgradient_back as carry_subgradient_back
    from subgrad_hardness.api.obfuscate import carry_subgradient_forward as carry_subgradient_forward
    from subgrad_hardness.api.obfuscate import obfuscate as obfuscate
    from subgrad_hardness.api.piggyback import PiggybackResult as PiggybackResult
    from subgrad_hardness.api.piggyback import piggyback as piggyback
    from subgrad_hardness.api.piggyback_set import PiggybackSetResult as PiggybackSetResult
    from subgrad_hardness.api.piggyback_set import piggyback_set as piggyback_set
    from subgrad_hardness.api.pointwise import clarke_subgradient as clarke_subgradient
    from subgrad_hardness.api.pointwise import directional_derivative as directional_derivative
    from subgrad_hardness.api.pointwise import lexicographic_derivative as lexicographic_derivative
    from subgrad_hardness.api.pointwise import value as value
    from subgrad_hardness.api.progress import progress as progress
    from subgrad_hardness.api.regular import RegularResult as RegularResult
    from subgrad_hardness.api.regular import regular as regular
    from subgrad_hardness.api.results import CheckResult as CheckResult
    from subgrad_hardness.api.sample import SampleResult as SampleResult
    from subgrad_hardness.api.sample import sample as sample
    from subgrad_hardness.api.shortest import ShortestResult as ShortestResult
    from subgrad_hardness.api.shortest import shortest as shortest
    from subgrad_hardness.api.solution_kink import solution_kink as solution_kink
    from subgrad_hardness.api.solution_kink_result import SolutionKinkResult as SolutionKinkResult
    from subgrad_hardness.api.solution_path import SolutionPath as SolutionPath
    from subgrad_hardness.api.solution_path import solution_path as solution_path
    from subgrad_hardness.api.stationary import stationary as stationary
    from subgrad_hardness.api.stationary_result import StationaryResult as StationaryResult
    from subgrad_hardness.api.subdifferential import Subdifferential as Subdifferential
    from subgrad_hardness.api.subdifferential import subdifferential as subdifferential
    from subgrad_hardness.api.subdifferential_result import SubdifferentialResult as SubdifferentialResult
    from subgrad_hardness.api.subgradients import PiecesResult as PiecesResult
    from subgrad_hardness.api.subgradients import lexicographic_subgradients as lexicographic_subgradients
    from subgrad_hardness.api.support import SupportResult as SupportResult
    from subgrad_hardness.api.support import support as support
    from subgrad_hardness.api.verify import VerifyResult as VerifyResult
    from subgrad_hardness.api.verify import verify as verify
    from subgrad_hardness.api.verify_piggyback_set import verify_piggyback_set as verify_piggyback_set
    from subgrad_hardness.api.verify_solution import verify_solution as verify_solution
    from subgrad_hardness.api.verify_spectral_radius import verify_spectral_radius as verify_spectral_radius
    from subgrad_hardness.batch.item import NetResult as NetResult
    from subgrad_hardness.batch.names import find_nets as find_nets
    from subgrad_hardness.batch.stream import check_many as check_many
    from subgrad_hardness.common.errors import CertificateError as CertificateError
    from subgrad_hardness.common.errors import InputError as InputError
    from subgrad_hardness.common.errors import NetError as NetError
    from subgrad_hardness.common.errors import ParameterError as ParameterError
    from subgrad_hardness.common.errors import PointError as PointError
    from subgrad_hardness.common.files import OutputError as OutputError
    from subgrad_hardness.common.limits import Interrupted as Interrupted
    from subgrad_hardness.common.limits import LimitReached as LimitReached
    from subgrad_hardness.cost_model.dictionaries import dictionary as dictionary
    from subgrad_hardness.cost_model.weights import Weights as Weights
    from subgrad_hardness.encoders.contract import AnswerError as AnswerError
    from subgrad_hardness.encoders.contract import EncodingError as EncodingError
    from subgrad_hardness.iterative.catalogue import iterations as iterations
    from subgrad_hardness.iterative.embedding import as_iteration as as_iteration
    from subgrad_hardness.iterative.iteration import Iteration as Iteration
    from subgrad_hardness.iterative.reading import load_iteration as load_iteration
    from subgrad_hardness.models.reading import load as load
    from subgrad_hardness.net.conversion import to_graph as to_graph
    from subgrad_hardness.net.conversion import to_layers as to_layers
    from subgrad_hardness.net.expression_calls import maximum as maximum
    from subgrad_hardness.net.expression_calls import minimum as minimum
    from subgrad_hardness.net.expression_calls import relu as relu
    from subgrad_hardness.net.expression_calls import variables as variables
    from subgrad_hardness.net.expressions import Expression as Expression
    from subgrad_hardness.net.expressions import Vector as Vector
    from subgrad_hardness.net.program import Program as Program
    from subgrad_hardness.net.writing import dumps as dumps
    from subgrad_hardness.plotting.census_picture import plot_census as plot_census
    from subgrad_hardness.plotting.clarke_picture import plot_clarke as plot_clarke
    from subgrad_hardness.plotting.costs import plot_cost as plot_cost
    from subgrad_hardness.plotting.panels import draw_panel as draw_panel
    from subgrad_hardness.plotting.picture import Picture as Picture
    from subgrad_hardness.plotting.picture import picture as picture
    from subgrad_hardness.plotting.pictures import plot_fan as plot_fan
    from subgrad_hardness.plotting.pictures import plot_scaling as plot_scaling
    from subgrad_hardness.plotting.pictures import plot_transition as plot_transition
    from subgrad_hardness.plotting.piggyback import plot_piggyback as plot_piggyback
    from subgrad_hardness.reduction.cnf import FormulaError as FormulaError
    from subgrad_hardness.survey.census import census as census
    from subgrad_hardness.survey.record import CensusRecord as CensusRecord
    from subgrad_hardness.survey.result import CensusResult as CensusResult

#: The public names by the modules where they are at home.
_NAMES = {
    "api.check": "check",
    "api.results": "CheckResult",
    "batch.stream": "check_many",
    "batch.names": "find_nets",
    "batch.item": "NetResult",
    "api.contains": "contains",
    "api.contains_result": "ContainsResult Distance",
    "api.audit": "audit",
    "api.audit_result": "AuditResult",
    "api.audit_jax": "audit_jax",
    "api.audit_tensorflow": "audit_tensorflow",
    "api.audit_torch": "audit_torch",
    "survey.census": "census",
    "survey.record": "CensusRecord",
    "survey.result": "CensusResult",
    "api.gradcheck": "gradcheck GradcheckResult",
    "api.support": "support SupportResult",
    "api.shortest": "shortest ShortestResult",
    "api.stationary": "stationary",
    "api.stationary_result": "StationaryResult",
    "api.regular": "regular RegularResult",
    "api.lipschitz": "lipschitz LipschitzResult",
    "api.affine": "affine AffineResult",
    "api.cube": "cube CubeResult",
    "api.equal": "equal EqualResult",
    "api.verify": "verify VerifyResult",
    "api.gradient": "gradient GradientResult",
    "api.progress": "progress",
    "api.sample": "sample SampleResult",
    "api.info": "info NetInfo",
    "api.doctor": "doctor DoctorResult",
    "api.generate": "generate families",
    "api.encode": "encode",
    "api.decode": "decode",
    "encoders.contract": "EncodingError AnswerError",
    "api.graph": "to_networkx",
    "api.obfuscate": "obfuscate carry_back carry_forward carry_subgradient_back carry_subgradient_forward",
    "plotting.census_picture": "plot_census",
    "plotting.clarke_picture": "plot_clarke",
    "plotting.costs": "plot_cost",
    "plotting.panels": "draw_panel",
    "plotting.picture": "picture Picture",
    "plotting.pictures": "plot_fan plot_transition plot_scaling",
    "plotting.piggyback": "plot_piggyback",
    "api.pointwise": "value directional_derivative lexicographic_derivative clarke_subgradient",
    "api.subgradients": "lexicographic_subgradients PiecesResult",
    "api.subdifferential": "subdifferential Subdifferential",
    "api.subdifferential_result": "SubdifferentialResult",
    "iterative.iteration": "Iteration",
    "api.solution_kink": "solution_kink",
    "api.solution_kink_result": "SolutionKinkResult",
    "api.verify_solution": "verify_solution",
    "api.piggyback": "piggyback PiggybackResult",
    "api.piggyback_set": "piggyback_set PiggybackSetResult",
    "api.verify_piggyback_set": "verify_piggyback_set",
    "api.implicit_set": "implicit_set ImplicitSetResult",
    "iterative.catalogue": "iterations",
    "iterative.embedding": "as_iteration",
    "api.solution_path": "solution_path SolutionPath",
    "api.graphical_lasso": "graphical_lasso_solution GraphicalLassoSolution",
    "api.lasso": "lasso_solution LassoSolution",
    "api.lasso_path": "lasso_path LassoPath total_variation_path TotalVariationPath",
    "iterative.reading": "load_iteration",
    "api.fixed_point": "fixed_point FixedPoint",
    "api.fixed_point_box": "fixed_point_box FixedPointBox",
    "api.contraction": "contraction ContractionResult",
    "api.joint_spectral_radius": "joint_spectral_radius SpectralRadiusResult",
    "api.verify_spectral_radius": "verify_spectral_radius",
    "net.program": "Program",
    "net.expression_calls": "variables relu maximum minimum",
    "net.expressions": "Expression Vector",
    "models.reading": "load",
    "api.loss_program": "loss_program",
    "net.writing": "dumps",
    "net.conversion": "to_graph to_layers",
    "common.errors": "InputError NetError PointError ParameterError CertificateError",
    "reduction.cnf": "FormulaError",
    "common.files": "OutputError",
    "common.limits": "LimitReached Interrupted",
    "api.cross_checks": "Disagreement",
    "api.cost": "cost",
    "api.cost_report": "CostReport",
    "api.derived_programs": "backward forward",
    "api.cost_limit": "forward_limit",
    "cost_model.dictionaries": "dictionary",
    "cost_model.weights": "Weights",
}
#: The calls of the commands that are not called as they are.
_OF_COMMANDS = {
    "kink": "solution_kink",
    "path": "solution_path",
    "jsr": "joint_spectral_radius",
    "cells": "lexicographic_subgradients",
    "convert": "to_graph and sh.to_layers, sh.load and Program.save",
    "plot": "plot_fan, sh.plot_clarke, sh.plot_transition, sh.plot_scaling, sh.plot_cost and sh.plot_piggyback",
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        command = f"; the command {name} is sh.{_OF_COMMANDS[name]}" if name in _OF_COMMANDS else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{command}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
