"""How long ago something was, as kubectl shortens it (apimachinery's HumanDuration)."""

from datetime import datetime, timedelta

_DAY = 86_400
_YEAR = 365 * _DAY


def format_age(since: str, now: datetime) -> str:
    """`since` is an RFC 3339 time; '<unknown>' when it is none."""
    try:
        age = now - datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return "<unknown>"
    return _shortened(age)


def _shortened(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    minutes, hours, days, years = seconds // 60, seconds // 3600, seconds // _DAY, seconds // _YEAR
    steps = (
        (seconds < 120, f"{seconds}s"),
        (minutes < 10, _two(minutes, "m", seconds % 60, "s")),
        (hours < 3, f"{minutes}m"),
        (hours < 8, _two(hours, "h", minutes % 60, "m")),
        (hours < 48, f"{hours}h"),
        (days < 8, _two(days, "d", hours % 24, "h")),
        (days < 2 * 365, f"{days}d"),
        (years < 8, _two(years, "y", days % 365, "d")),
    )
    return next((text for fits, text in steps if fits), f"{years}y")


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large}{unit}{small}{small_unit}" if small else f"{large}{unit}"
