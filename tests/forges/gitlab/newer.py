"""Where this world knows more than its witnesses, each place with its reason."""

# What the examples always had and ours leave out.
LEFT_OUT = (
    (r"build_coverage_regex$|operations_access_level$", "projects of newer recordings have it no more"),
    (r"^\.object_attributes\.commit_sha$", "Note Hooks of merge requests have it as `commit_id`"),
    (r"(approvals_before_merge|mirror|(issues|merge_requests)_template)$", "it is of what is paid for"),
)
# What no example had, or had otherwise. No recording says which version brought it.
NEWER = (
    (r"\.locked was never seen", "users of the newest recordings have it"),
    (r"\.public_email was never seen", "users have it beside `locked`"),
    (r"commit\.(extended_)?trailers was never seen", "commits of the newest recordings have them"),
    (r"^\.created_at was never seen", "tags have it, and are recorded of older GitLabs alone"),
    (r"pipeline\.(iid|source) was never seen|^\.pipeline_id was never seen", "commits' pipelines have them"),
    (
        r"^\.(object_attributes|merge_request)\.(draft|prepared_at|reviewer_ids|detailed_merge_status) was",
        "the newest webhook caught is of 2023, and has all but the first two",
    ),
    (
        r"^\.merge_request\.(blocking_discussions|first_contribution|human_time_change|labels|time_change)",
        "Note Hooks have what Merge Request Hooks have, of which there are newer examples",
    ),
    (r"^\.object_attributes\.(action|internal) was never seen", "the Note Hooks caught are older"),
    (r"^\.(commands_changes\.|summary)", "nobody recorded quick actions"),
    (r"^\.object_attributes\.(system|system_action) was never", "resets are told since 18.6"),
    (
        r"^\.projects\[\]\..* was never seen",
        "a group's projects are those of the lists, which newer ones recorded",
    ),
    (r"^\.merge_trains_skip_train_allowed was", "the documents have it; no project that pays was recorded"),
    (
        r"^\.(event_type|project\.ci_config_path|object_attributes\.labels) was never seen",
        "of Issue Hooks there is an old example alone; the Note Hooks beneath issues have it",
    ),
    (
        r"^\.object_attributes\.(closed_at|confidential|discussion_locked|due_date|state_id|weight) was",
        "the same",
    ),
    (
        r"^\.object_attributes\.((duplicated|moved)_to_id|relative_position|last_edited_(at|by_id)) was",
        "the same",
    ),
    (
        r"^\.object_attributes\.(updated_by_id|(human_)?(time_estimate|total_time_spent)) was never seen",
        "the same",
    ),
    (r"^\.ref_protected was never seen", "the pushes caught are older"),
    (r"^\.merge_trains_skip_train_allowed was", "nobody recorded a project with trains; it is documented"),
    (r"object_attributes\.merge_user_id", "the documents have it as text"),
)
# What holds whatever changed.
ANY_KEYS = (".changes.",)
