"""The second half of the story: packages of another team that follow packages of the first."""

from bot.demo.stage import OWNER
from bot.demo.step import Chapter, Edit, Run, Say, Step, Write

ADA, GRACE = "ada", "grace"
SHOP = "shop.git"
UPSTREAM = "blueprints.networking.dns"
DNS = "shop.net.dns"

POLICY = """\
approvals: 1
approvers: [ada, grace]
"""


def _publish(name: str, *says: str) -> tuple[Step, ...]:
    return (
        Run(ADA, f"portico rpkg propose {name}", says=(f"{name} proposed",)),
        Run(GRACE, f"portico rpkg approve {name}", says=("is published as", *says)),
    )


SECOND_REPOSITORY: tuple[Step, ...] = (
    Say("The shop is another team, with its own repository. It wants a zone, too, and to keep up with ours."),
    Run(OWNER, f"git init -q --bare -b main {SHOP}"),
    Run(OWNER, f"git clone -q {SHOP} ada/shop"),
    Write(ADA, "shop/.portico.yaml", POLICY),
    Run(ADA, "git -C shop add ."),
    Run(ADA, "git -C shop commit -q -m 'How we publish'"),
    Run(ADA, "git -C shop push -q origin main"),
    Run(OWNER, f"portico hook install {SHOP} --identity gitolite", says=("pre-receive: installed",)),
    Run(OWNER, f"cp blueprints.git/portico/server.yaml {SHOP}/portico/server.yaml"),
    Run(ADA, f"portico repo register ../{SHOP} --upstream blueprints"),
    Run(GRACE, f"portico repo register ../{SHOP}"),
)

CLONE: tuple[Step, ...] = (
    Say("A clone is a draft of the shop's, with a note in its Kptfile of where it is from."),
    Run(
        ADA,
        f"portico rpkg clone {UPSTREAM}.rollback net/dns --repository shop --workspace first",
        says=(f"{DNS}.first created",),
    ),
    Run(ADA, f"portico rpkg pull {DNS}.first ../shop-dns"),
    Say("The shop's records may live for ten minutes only:"),
    Edit(ADA, "../shop-dns/setters.yaml", '  ttl: "3600"\n', '  ttl: "600"\n'),
    Run(ADA, f"portico rpkg push {DNS}.first ../shop-dns", says=(f"{DNS}.first pushed",)),
    *_publish(f"{DNS}.first", "net/dns/v1"),
    Run(ADA, f"portico rpkg downstream {UPSTREAM}", says=(f"{DNS}.first",)),
)

UPGRADE: tuple[Step, ...] = (
    Say("Upstream moves on: a longer time to live, and another record."),
    Run(
        ADA, f"portico rpkg copy {UPSTREAM}.rollback --workspace longer", says=(f"{UPSTREAM}.longer created",)
    ),
    Run(ADA, f"portico rpkg pull {UPSTREAM}.longer ../longer"),
    Edit(ADA, "../longer/setters.yaml", '  ttl: "3600"\n', '  ttl: "7200"\n'),
    Edit(
        ADA,
        "../longer/zone.yaml",
        "  mx: 10 mail.example.org # kpt-set: 10 mail.${domain}\n",
        "  mx: 10 mail.example.org # kpt-set: 10 mail.${domain}\n  spf: v=spf1 mx -all\n",
    ),
    Run(ADA, f"portico rpkg push {UPSTREAM}.longer ../longer"),
    Run(ADA, f"portico rpkg diff {UPSTREAM}.longer", says=("spf",)),
    *_publish(f"{UPSTREAM}.longer", "networking/dns/v4"),
    Say("The shop hears of it, and sees what an upgrade would be:"),
    Run(ADA, "portico rpkg get --repository shop --upgradable", says=(f"{DNS}.first",)),
    Run(
        ADA,
        f"portico rpkg upgrade {DNS}.first --workspace v4 --dry-run",
        says=(f"{DNS}.first",),
    ),
    Say("Both sides changed the time to live. That is a conflict, and it is not guessed about in silence:"),
    Run(
        ADA,
        f"portico rpkg upgrade {DNS}.first --workspace v4 --on-conflict stop",
        says=("ttl", "nothing was written"),
        code=1,
    ),
    Run(
        ADA,
        f"portico rpkg upgrade {DNS}.first --workspace v4 --on-conflict local",
        says=("ttl", f"{DNS}.first upgraded to {DNS}.v4"),
    ),
    Say("The new record has come, and the shop's ten minutes have stayed:"),
    Run(ADA, f"portico rpkg diff {DNS}.v4", says=("spf", "v4")),
)

REBASE: tuple[Step, ...] = (
    Say("Meanwhile somebody began another draft from the shop's v1 ..."),
    Run(ADA, f"portico rpkg copy {DNS}.first --workspace add-www", says=(f"{DNS}.add-www created",)),
    Run(ADA, f"portico rpkg pull {DNS}.add-www ../add-www"),
    Edit(ADA, "../add-www/zone.yaml", "data:\n", "data:\n  www: 192.0.2.80\n"),
    Run(ADA, f"portico rpkg push {DNS}.add-www ../add-www"),
    Say("... and the upgrade is published before it."),
    *_publish(f"{DNS}.v4", "net/dns/v2"),
    Run(
        ADA,
        f"portico rpkg propose {DNS}.add-www",
        says=("Revision v2 reached the branch", "portico rpkg rebase"),
        code=1,
    ),
    Run(ADA, f"portico rpkg rebase {DNS}.add-www", says=(f"{DNS}.add-www rebased",)),
    *_publish(f"{DNS}.add-www", "net/dns/v3"),
    Say("What somebody follows is not taken away:"),
    Run(
        ADA,
        f"portico rpkg propose-delete {UPSTREAM}.longer",
        says=(f"{DNS}.add-www",),
        code=1,
    ),
)

DOWNSTREAM = (
    Chapter("A second repository", SECOND_REPOSITORY),
    Chapter("A package that follows another", CLONE),
    Chapter("Upstream moves on", UPGRADE),
    Chapter("A stale draft", REBASE),
)
