"""Who Portico itself is in a cluster."""

from bot.kubernetes.cluster import Cluster
from bot.kubernetes.kinds import Kind

SELF_REVIEW = Kind("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview")


def own_user(cluster: Cluster) -> str:
    """The user's name as the API server sees it (Kubernetes 1.28 and newer); raises UserError."""
    found = cluster.create(SELF_REVIEW, {"metadata": {"namespace": ""}})
    return str(found["status"]["userInfo"]["username"])
