"""How long Hypothesis tries: `pytest --hypothesis-profile=thorough` takes minutes, the default seconds."""

from hypothesis import HealthCheck, settings

# No deadline: a machine that is busy elsewhere is no fault of ours.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("house"), max_examples=1000)
settings.load_profile("house")
