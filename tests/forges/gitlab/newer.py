"""Where this world knows better than its witnesses, each place with its reason."""

# What the examples always had and ours leave out.
LEFT_OUT = (
    (r"build_coverage_regex$|operations_access_level$", "GitLab 15 and 16 took it away"),
    (r"(approvals_before_merge|mirror|(issues|merge_requests)_template)$", "Premium has it"),
)
# What no example had, or had otherwise.
NEWER = (
    (r"\.locked was never seen", "users have it since 16.0"),
    (r"\.public_email was never seen", "users have it since 16.9"),
    (r"commit\.(extended_)?trailers was never seen", "commits have them everywhere since 15.2 and 16.0"),
    (r"^\.created_at was never seen", "tags have it since 16.11"),
    (r"pipeline\.(iid|source) was never seen|^\.pipeline_id was never seen", "commits' pipelines have them"),
    (
        r"^\.(object_attributes|merge_request)\.(draft|prepared_at|reviewer_ids|detailed_merge_status) was never",
        "webhooks of 2023 and after, of which some have all but the first two",
    ),
    (
        r"^\.merge_request\.(blocking_discussions_resolved|first_contribution|human_time_change|labels|time_change)",
        "Note Hooks have what Merge Request Hooks have, of which there are newer examples",
    ),
    (r"^\.object_attributes\.(action|internal) was never seen", "Note Hooks have them since 16.10"),
    (r"^\.ref_protected was never seen", "pushes have it since 17.0"),
    (r"object_attributes\.merge_user_id", "the documents have it as text"),
)
# What holds whatever changed.
ANY_KEYS = (".changes.",)
