"""Algorithms as iterations, one file each; ``sh.iterations`` is this room."""

from subgrad_hardness.iterative.algorithms.admm import generalised_lasso as generalised_lasso
from subgrad_hardness.iterative.algorithms.admm import trend_filtering as trend_filtering
from subgrad_hardness.iterative.algorithms.admm import tv_admm as tv_admm
from subgrad_hardness.iterative.algorithms.contract import Algorithm as Algorithm
from subgrad_hardness.iterative.algorithms.equilibrium import equilibrium as equilibrium
from subgrad_hardness.iterative.algorithms.forward_backward import elastic_net as elastic_net
from subgrad_hardness.iterative.algorithms.forward_backward import lasso as lasso
from subgrad_hardness.iterative.algorithms.gradient_descent import ridge as ridge
from subgrad_hardness.iterative.algorithms.graphical_lasso import graphical_lasso as graphical_lasso
from subgrad_hardness.iterative.algorithms.group_lasso import group_lasso as group_lasso
from subgrad_hardness.iterative.algorithms.primal_dual import pdhg as pdhg
from subgrad_hardness.iterative.algorithms.projected import box_qp as box_qp
from subgrad_hardness.iterative.algorithms.projected import simplex_qp as simplex_qp
from subgrad_hardness.iterative.algorithms.quadratic_program import quadratic_program as quadratic_program
from subgrad_hardness.iterative.algorithms.sinkhorn import sinkhorn as sinkhorn
