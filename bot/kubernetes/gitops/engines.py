"""The GitOps engines that can be told of a pin, by the words for them."""

from collections.abc import Mapping

from bot.kubernetes.gitops.argocd import ARGO_CD
from bot.kubernetes.gitops.configsync import CONFIG_SYNC
from bot.kubernetes.gitops.engine import Engine
from bot.kubernetes.gitops.flux import FLUX

ENGINES: Mapping[str, Engine] = {engine.word: engine for engine in (CONFIG_SYNC, FLUX, ARGO_CD)}
