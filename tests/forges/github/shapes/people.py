"""Accounts, teams and Apps as GitHub writes them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.github.apps import App, Installation
from tests.forges.github.people import Organization, Team, User
from tests.forges.github.place import Place

Json = dict[str, Any]
USER_ROOMS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def user(place: Place, account: User) -> Json:
    """An account in few words, as it stands wherever one is named."""
    login = account.login.replace("[", "%5B").replace("]", "%5D")
    url = f"{place.api}/users/{login}"
    page = f"apps/{account.login.removesuffix('[bot]')}" if account.kind == "Bot" else account.login
    return {
        "login": account.login,
        "id": account.id,
        "node_id": place.node("U", account.id),
        "avatar_url": f"{place.web}/avatars/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{place.web}/{page}",
        **{key: url + room for key, room in USER_ROOMS.items()},
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_user(place: Place, account: User) -> Json:
    """An account's own page."""
    nothing = dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    times = {"created_at": stamp(place.made), "updated_at": stamp(place.made)}
    return {**user(place, account), "name": account.name or None, "blog": "", **nothing, **counts, **times}


def organization(place: Place, account: Organization) -> Json:
    """An organization as webhooks name it."""
    url = f"{place.api}/orgs/{account.login}"
    rooms = ("repos", "events", "hooks", "issues")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": place.node("O", account.id),
        "url": url,
        **{f"{room}_url": f"{url}/{room}" for room in rooms},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{place.web}/avatars/u/{account.id}?v=4",
        "description": "",
    }


def team(place: Place, account: Organization, held: Team) -> Json:
    """A team in few words."""
    url = f"{place.api}/organizations/{account.id}/team/{held.id}"
    return {
        "name": held.name,
        "id": held.id,
        "node_id": place.node("T", held.id),
        "slug": held.slug,
        "description": "",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "url": url,
        "html_url": f"{place.web}/orgs/{account.login}/teams/{held.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "permission": "pull",
        "parent": None,
    }


def full_team(place: Place, account: Organization, held: Team) -> Json:
    """A team's own page."""
    members = [User(0, login) for login in held.members]
    return {
        **team(place, account, held),
        "created_at": stamp(place.made),
        "updated_at": stamp(place.made),
        "members_count": len(members),
        "repos_count": 0,
        "organization": {
            **organization(place, account),
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": 0,
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "html_url": f"{place.web}/{account.login}",
            "created_at": stamp(place.made),
            "updated_at": stamp(place.made),
            "archived_at": None,
            "type": "Organization",
        },
    }


def app(place: Place, held: App, counted: bool = False) -> Json:  # noqa: FBT001, FBT002 one more key
    """An App; `counted` says how often it is installed, which only itself is told."""
    return {
        "id": held.id,
        "client_id": f"Iv23li{held.id:014d}",
        "slug": held.slug,
        "node_id": place.node("A", held.id),
        "owner": user(place, held.owner),
        "name": held.slug,
        "description": "",
        "external_url": f"{place.web}/about/{held.slug}",
        "html_url": f"{place.web}/apps/{held.slug}",
        "created_at": stamp(held.made),
        "updated_at": stamp(held.made),
        "permissions": held.permissions,
        "events": list(held.events),
        **({"installations_count": len(held.installations)} if counted else {}),
    }


def installation(place: Place, held: Installation) -> Json:
    url = f"{place.api}/app/installations/{held.id}"
    return {
        "id": held.id,
        "client_id": f"Iv23li{held.app.id:014d}",
        "account": user(place, held.account),
        "repository_selection": "all" if held.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{place.api}/installation/repositories",
        "html_url": f"{place.web}/settings/installations/{held.id}",
        "app_id": held.app.id,
        "app_slug": held.app.slug,
        "target_id": held.account.id,
        "target_type": held.kind,
        "permissions": held.permissions,
        "events": list(held.app.events),
        "created_at": stamp(held.made),
        "updated_at": stamp(held.made),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(place, held.account) if held.is_suspended else None,
        "suspended_at": stamp(held.made) if held.is_suspended else None,
    }
