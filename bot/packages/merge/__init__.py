"""Upgrades of packages: three trees merged into one, resource by resource and field by field."""

from bot.packages.merge.conflict import Conflict, OnConflict, Side
from bot.packages.merge.update import Merged, merge
from bot.packages.provenance import Strategy

__all__ = ["Conflict", "Merged", "OnConflict", "Side", "Strategy", "merge"]
