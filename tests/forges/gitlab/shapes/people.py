"""How the API shows people, groups, members and tokens."""

from typing import Any

from tests.forges.gitlab.people import Group, Membership, Token, User
from tests.forges.gitlab.place import Place, maybe, stamp

Json = dict[str, Any]


def user(place: Place, held: User) -> Json:
    """Somebody as others are shown."""
    return {
        "id": held.id,
        "username": held.username,
        "public_email": "",
        "name": held.name,
        "state": held.state,
        "locked": False,
        "avatar_url": avatar(held),
        "web_url": f"{place.web}/{held.username}",
    }


def brief(place: Place, held: User) -> Json:
    """Somebody beside what they did."""
    return {key: value for key, value in user(place, held).items() if key != "public_email"}


def maybe_brief(place: Place, held: User | None) -> Json | None:
    return brief(place, held) if held else None


def avatar(held: User) -> str:
    return f"https://secure.gravatar.com/avatar/{held.id:064x}?s=80&d=identicon"


def profile(place: Place, held: User) -> Json:
    """Somebody who is asked for alone."""
    words = ("bio", "location", "linkedin", "twitter", "discord", "website_url", "github", "organization")
    return {
        **user(place, held),
        "created_at": stamp(held.made),
        **dict.fromkeys(words, ""),
        "job_title": "",
        "pronouns": None,
        "bot": held.is_bot,
        "work_information": None,
        "local_time": None,
    }


def me(place: Place, held: User) -> Json:
    """The one who asks."""
    return {
        **profile(place, held),
        "last_sign_in_at": None,
        "confirmed_at": stamp(held.made),
        "last_activity_on": None,
        "email": held.email,
        "theme_id": 1,
        "color_scheme_id": 1,
        "projects_limit": 100000,
        "current_sign_in_at": None,
        "identities": [],
        "can_create_group": not held.is_bot,
        "can_create_project": not held.is_bot,
        "two_factor_enabled": False,
        "external": False,
        "private_profile": False,
        "commit_email": held.email,
        "preferred_language": "en",
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
        "scim_identities": [],
    }


def member(place: Place, held: Membership) -> Json:
    return {
        **user(place, held.user),
        "access_level": held.level,
        "created_at": stamp(held.made),
        "expires_at": held.expires.isoformat() if held.expires else None,
        "membership_state": "active",
    }


def namespace(place: Place, held: Group) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "path": held.path,
        "kind": "group",
        "full_path": held.full_path,
        "parent_id": held.parent.id if held.parent else None,
        "avatar_url": None,
        "web_url": f"{place.web}/groups/{held.full_path}",
    }


def group(place: Place, held: Group) -> Json:
    return {
        "id": held.id,
        "web_url": f"{place.web}/groups/{held.full_path}",
        "name": held.name,
        "path": held.path,
        "description": "",
        "visibility": "private",
        "share_with_group_lock": False,
        "require_two_factor_authentication": False,
        "two_factor_grace_period": 48,
        "project_creation_level": "developer",
        "auto_devops_enabled": None,
        "subgroup_creation_level": "maintainer",
        "emails_disabled": False,
        "mentions_disabled": None,
        "lfs_enabled": True,
        "default_branch_protection": 2,
        "avatar_url": None,
        "request_access_enabled": True,
        "full_name": held.full_name,
        "full_path": held.full_path,
        "created_at": stamp(held.made),
        "parent_id": held.parent.id if held.parent else None,
        "ldap_cn": None,
        "ldap_access": None,
        "shared_with_groups": [],
        "runners_token": None,
        "prevent_sharing_groups_outside_hierarchy": False,
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
        "prevent_forking_outside_group": None,
    }


def token(place: Place, held: Token, *, is_active: bool) -> Json:
    del place
    return {
        "id": held.id,
        "name": held.name,
        "revoked": held.revoked,
        "created_at": stamp(held.made),
        "description": None,
        "scopes": list(held.scopes),
        "user_id": held.user.id,
        "last_used_at": maybe(held.used),
        "active": is_active,
        "expires_at": held.expires.isoformat() if held.expires else None,
    }
