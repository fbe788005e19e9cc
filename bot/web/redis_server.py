"""Where the queue on Redis is, and who may use it."""

from dataclasses import dataclass

from bot.web.secret import Secret

PORT = 6379


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A database of a Redis or Valkey, by its number; without `user` it is the server's own default."""

    host: str
    port: int = PORT
    database: int = 0
    is_encrypted: bool = False
    user: str = ""
    password: Secret | None = None

    def __str__(self) -> str:
        """The address, without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"redis{'s' if self.is_encrypted else ''}://{host}:{self.port}/{self.database}"
