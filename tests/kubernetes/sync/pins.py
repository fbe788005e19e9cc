"""Pins and places that tests begin with."""

from bot.kubernetes.gitops.pin import Pin, Place

PIN = Pin(
    repository="blueprints",
    package="networking/dns",
    name="blueprints.networking.dns.v1",
    ref="refs/tags/sites/networking/dns/v1",
    commit="0123456789abcdef0123456789abcdef01234567",
    directory="sites/networking/dns",
    tools=("package-context.yaml",),
)
NEXT = PIN._replace(
    name="blueprints.networking.dns.ttl",
    ref="refs/tags/sites/networking/dns/v2",
    commit="f" * 40,
    tools=(),
    follows=True,
)
URL = "https://git.example.com/team/blueprints.git"
PLACE = Place("blueprints-networking-dns", "engines", URL)
