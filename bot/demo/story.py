"""The story: a package goes Draft, Proposed, Published on a plain Git server, back again, and away."""

from bot.demo.downstream import DOWNSTREAM
from bot.demo.stage import OWNER, SERVER
from bot.demo.step import Chapter, Edit, Run, Say, Step, Write

ADA, GRACE = "ada", "grace"
DNS = "networking/dns"
V1, V2, V3 = (f"refs/tags/{DNS}/v{number}" for number in (1, 2, 3))


def _draft(workspace: str) -> str:
    return f"refs/heads/drafts/{DNS}/{workspace}"


def _proposed(workspace: str) -> str:
    return f"refs/heads/proposed/{DNS}/{workspace}"


def _named(workspace: str) -> str:
    return f"blueprints.networking.dns.{workspace}"


POLICY = """\
approvals: 1
approvers: [ada, grace]
selfApproval: false
"""
SETTINGS = """\
identity: [gitolite]
people:
  ada: {name: Ada Lovelace, email: ada@example.com}
  grace: {name: Grace Hopper, email: grace@example.com}
"""

SERVER_STEPS: tuple[Step, ...] = (
    Say(
        "A Git server is a folder with bare repositories. This one gets three kpt packages; two of them "
        "carry tags that somebody made by hand, long before Portico came."
    ),
    Run(OWNER, f"git init -q --bare -b main {SERVER}"),
    Run(OWNER, f"git clone -q {SERVER} ada"),
    Run(ADA, "cp -R ../packages/apps ../packages/networking ../packages/platform ."),
    Say("The policy says who may approve, and that nobody approves their own work:"),
    Write(ADA, ".portico.yaml", POLICY),
    Run(ADA, "git add ."),
    Run(ADA, "git commit -q -m 'Our packages'"),
    Run(ADA, "git tag apps/web/v1"),
    Run(ADA, "git tag platform/namespace/v1"),
    Run(ADA, "git push -q --tags origin main", there=("refs/heads/main", "refs/tags/apps/web/v1")),
    Say("One command makes the server understand packages:"),
    Run(
        OWNER,
        f"portico hook install {SERVER} --identity gitolite",
        says=("pre-receive: installed", "proc-receive: installed"),
        there=("refs/portico/server",),
    ),
    Say(
        "Who pushes is told by SSH (gitolite), by HTTP or by a signed push on a real server; here everything "
        "is on one machine, so the demo sets GL_USER, as gitolite does. The server maps logins to people:"
    ),
    Write(OWNER, f"{SERVER}/portico/server.yaml", SETTINGS),
)

DISCOVERY: tuple[Step, ...] = (
    Say("Ada registers the repository, under Porch's words, and sees what is in it."),
    Run(ADA, f"portico repo register ../{SERVER} --description 'Packages of the demo'"),
    Run(ADA, "portico repo get", says=("blueprints git Package",)),
    Run(
        ADA,
        "portico rpkg get",
        says=(
            "blueprints.apps.web.v1 apps/web v1 1 true Published blueprints",
            "blueprints.platform.namespace.v1 platform/namespace v1 1 true Published blueprints",
            "blueprints.networking.dns.main networking/dns main -1 false Published blueprints",
        ),
    ),
    Say("The revision -1 is the package as it stands on main. The package networking/dns has no other yet."),
)

DRAFT: tuple[Step, ...] = (
    Say("Ada moves the zone to another domain, in one place, and adds a record for mail."),
    Run(ADA, "git switch -q -c add-mx"),
    Edit(ADA, f"{DNS}/setters.yaml", "  domain: example.com\n", "  domain: example.org\n"),
    Edit(
        ADA,
        f"{DNS}/zone.yaml",
        "  ns: ns1.example.com # kpt-set: ns1.${domain}\n",
        "  ns: ns1.example.com # kpt-set: ns1.${domain}\n  mx: 10 mail # kpt-set: 10 mail.${domain}\n",
    ),
    Run(ADA, "git commit -q -a -m 'Move to example.org, and receive mail'"),
    Say(
        "A draft is a branch. The server takes it, renders the package, and commits what the functions "
        "changed:"
    ),
    Run(
        ADA,
        f"git push origin HEAD:drafts/{DNS}/add-mx",
        says=("rendered: 3 functions changed zone.yaml", "Pull before you go on."),
        there=(_draft("add-mx"),),
    ),
    Run(ADA, f"git pull -q origin drafts/{DNS}/add-mx"),
    Run(
        ADA,
        "git show -U0 --format='%s%n(author: %an, committer: %cn)'",
        says=(
            "(author: Ada Lovelace, committer: Portico)",
            "+ origin: example.org # kpt-set: ${domain}",
            "+ mx: 10 mail.example.org # kpt-set: 10 mail.${domain}",
        ),
    ),
)

APPROVAL: tuple[Step, ...] = (
    Say("A change of state is a push too: of the commit that is meant, to the word for it."),
    Run(
        ADA,
        f"git push origin HEAD:refs/portico/propose/{DNS}/add-mx",
        says=("is proposed. Waiting for approvals: 0 of 1",),
        there=(_proposed("add-mx"),),
        gone=(_draft("add-mx"),),
    ),
    Say("Ada is an approver, but not of her own work:"),
    Run(
        ADA,
        f"git push origin HEAD:refs/portico/approve/{DNS}/add-mx",
        says=("! [remote rejected]", "`selfApproval: false`", "ask another approver"),
        code=1,
        there=(_proposed("add-mx"),),
        gone=(V1,),
    ),
    Run(
        ADA,
        f"portico explain {_named('add-mx')}",
        says=("networking/dns/add-mx is Proposed", "Waiting for approvals: 0 of 1, from @grace."),
    ),
    Say("Grace looks at it, and pushes the very commit that she has seen. Had it moved, she would be told."),
    Run(OWNER, f"git clone -q {SERVER} grace"),
    Run(
        GRACE,
        f"git log --oneline --format='%an: %s' origin/main..origin/proposed/{DNS}/add-mx",
        says=("receive mail",),
    ),
    Run(
        GRACE,
        f"git push origin origin/proposed/{DNS}/add-mx:refs/portico/approve/{DNS}/add-mx",
        says=("is published as networking/dns/v1, approved by @grace.",),
        there=(V1,),
        gone=(_proposed("add-mx"), _draft("add-mx")),
    ),
    Say("Main, the tag and the draft's branch moved together. The merge says who approved:"),
    Run(GRACE, "git pull -q"),
    Run(
        GRACE,
        "git log -1 --format='%s%n%n%b'",
        says=(
            "Approving package revision networking/dns/1",
            '"workspaceName":"add-mx","revision":"1"',
            "Approved-by: Grace Hopper <grace@example.com>",
        ),
    ),
    Run(
        ADA,
        f"portico rpkg get --package {DNS}",
        says=(f"{_named('add-mx')} networking/dns add-mx 1 true Published",),
    ),
)

REJECTION: tuple[Step, ...] = (
    Say("The second revision goes through the command line, which makes the same pushes."),
    Run(
        ADA,
        f"portico rpkg copy {_named('add-mx')} --workspace short-ttl",
        says=(f"{_named('short-ttl')} created",),
        there=(_draft("short-ttl"),),
    ),
    Run(ADA, f"portico rpkg pull {_named('short-ttl')} ../dns"),
    Edit(ADA, "../dns/setters.yaml", '  ttl: "3600"\n', '  ttl: "5"\n'),
    Run(
        ADA,
        f"portico rpkg push {_named('short-ttl')} ../dns",
        says=("rendered: 3 functions changed zone.yaml", f"{_named('short-ttl')} pushed"),
    ),
    Run(
        ADA,
        f"portico rpkg propose {_named('short-ttl')}",
        says=(f"{_named('short-ttl')} proposed",),
        there=(_proposed("short-ttl"),),
    ),
    Run(GRACE, f"portico repo register ../{SERVER}"),
    Run(
        GRACE,
        f"portico rpkg reject {_named('short-ttl')} --reason 'five seconds is too short, take 300'",
        says=(f"{_named('short-ttl')} no longer proposed for approval",),
        there=(_draft("short-ttl"),),
        gone=(_proposed("short-ttl"),),
    ),
    Say("It is a draft again, and the reason stays with it:"),
    Run(
        ADA,
        f"portico explain {_named('short-ttl')}",
        says=("is Draft", "was rejected by @grace: five seconds is too short, take 300"),
    ),
    Run(ADA, f"portico rpkg pull {_named('short-ttl')} ../dns-again"),
    Edit(ADA, "../dns-again/setters.yaml", '  ttl: "5"\n', '  ttl: "300"\n'),
    Run(ADA, f"portico rpkg push {_named('short-ttl')} ../dns-again", says=("pushed",)),
    Run(ADA, f"portico rpkg propose {_named('short-ttl')}", there=(_proposed("short-ttl"),)),
    Run(
        GRACE,
        f"portico rpkg approve {_named('short-ttl')}",
        says=("is published as networking/dns/v2, approved by @grace.", f"{_named('short-ttl')} approved"),
        there=(V1, V2),
        gone=(_proposed("short-ttl"),),
    ),
)

ROLLBACK: tuple[Step, ...] = (
    Say(
        "Revision 2 turns out to be a mistake. A revision never changes; to go back is to publish v1 again, "
        "as v3."
    ),
    Run(
        ADA,
        f"portico rpkg rollback {_named('short-ttl')} --revision 1 --workspace rollback",
        says=(f"{_named('rollback')} created",),
        there=(_draft("rollback"),),
    ),
    Run(ADA, f"portico rpkg propose {_named('rollback')}", there=(_proposed("rollback"),)),
    Run(
        GRACE,
        f"portico rpkg approve {_named('rollback')}",
        says=("is published as networking/dns/v3, approved by @grace.",),
        there=(V1, V2, V3),
    ),
    Run(ADA, "git fetch -q --tags origin"),
    Run(ADA, f"git diff --stat {DNS}/v2 {DNS}/v3 -- {DNS}", says=("networking/dns/setters.yaml",)),
    Run(ADA, f"git diff --stat {DNS}/v1 {DNS}/v3 -- {DNS}", silent=True),
    Say("The last one had nothing to say: v3 is v1 again, to the byte."),
)

DELETION: tuple[Step, ...] = (
    Say("Nobody shall deploy revision 2 any more. Its deletion is proposed and approved, as everything is."),
    Run(
        ADA,
        f"portico rpkg propose-delete {_named('short-ttl')}",
        says=(f"{_named('short-ttl')} proposed for deletion",),
        there=(f"refs/heads/deletionProposed/{DNS}/v2", V2),
    ),
    Run(
        GRACE,
        f"portico rpkg del {_named('short-ttl')}",
        says=("is deleted. Its number will not be used again.", f"{_named('short-ttl')} deleted"),
        there=(V1, V3),
        gone=(V2, f"refs/heads/deletionProposed/{DNS}/v2"),
    ),
)

REFUSALS: tuple[Step, ...] = (
    Say("What would do harm stays outside. A file that no program can read:"),
    Run(ADA, "git switch -q -c broken origin/main"),
    Edit(ADA, f"{DNS}/zone.yaml", "  name: zone\n", "  name: [zone\n"),
    Run(ADA, "git commit -q -a -m 'A bracket too many'"),
    Run(
        ADA,
        f"git push origin HEAD:drafts/{DNS}/broken",
        says=("! [remote rejected]", "zone.yaml:5:"),
        code=1,
        gone=(_draft("broken"),),
    ),
    Say("A way around the approvers:"),
    Run(
        ADA,
        "git push origin HEAD:main",
        says=("! [remote rejected]", "changes by publication only"),
        code=1,
    ),
    Say("And a published revision that somebody moves:"),
    Run(
        ADA,
        f"git push --force origin HEAD:refs/tags/{DNS}/v3",
        says=("! [remote rejected]", "never moves"),
        code=1,
        there=(V3,),
    ),
    Say("This is what there is at the end:"),
    Run(
        ADA,
        "portico rpkg get",
        says=(
            f"{_named('add-mx')} networking/dns add-mx 1 false Published",
            f"{_named('rollback')} networking/dns rollback 3 true Published",
        ),
    ),
)

STORY = (
    Chapter("A plain Git server", SERVER_STEPS),
    Chapter("Register and discover", DISCOVERY),
    Chapter("A draft, rendered", DRAFT),
    Chapter("Proposed, approved, published", APPROVAL),
    Chapter("A second revision, rejected first", REJECTION),
    Chapter("Back to the first", ROLLBACK),
    Chapter("A revision is deleted", DELETION),
    Chapter("What is refused", REFUSALS),
    *DOWNSTREAM,
)
