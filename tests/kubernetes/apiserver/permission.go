// Who may do what: the rules of the roles that are bound to a person, read anew for every request.
package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints/request"
)

// permissions is a stand-in: the authorizer of a cluster lives in k8s.io/kubernetes, which is no library. Its
// rules are the real ones but for three things: a role that aggregates others has only its own rules, nobody
// is kept from handing on more than they may do themselves, and a change counts at once, not within a second.
type permissions struct{ shelves }

// everybody may look at what there is, and ask what they may, as in a cluster.
var everybody = []rbac.PolicyRule{
	{Verbs: []string{"get"}, NonResourceURLs: []string{
		"/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", "/version", "/version/", "/healthz", "/livez", "/readyz",
	}},
	{Verbs: []string{"create"}, APIGroups: []string{"authorization.k8s.io"}, Resources: []string{"selfsubjectaccessreviews"}},
	{Verbs: []string{"create"}, APIGroups: []string{"authentication.k8s.io"}, Resources: []string{"selfsubjectreviews"}},
}

func (p permissions) Authorize(ctx context.Context, asked authorizer.Attributes) (authorizer.Decision, string, error) {
	if slices.Contains(asked.GetUser().GetGroups(), user.AllAuthenticated) && allowed(everybody, asked) {
		return authorizer.DecisionAllow, "", nil
	}
	bound, err := p.bound(ctx, asked)
	if err != nil {
		return authorizer.DecisionNoOpinion, "", err
	}
	for _, one := range bound {
		rules, err := p.rules(ctx, asked.GetNamespace(), one)
		if err == nil && allowed(rules, asked) {
			return authorizer.DecisionAllow, fmt.Sprintf("allowed by %s %q", one.Kind, one.Name), nil
		}
	}
	return authorizer.DecisionNoOpinion, "", nil
}

// bound are the roles that are bound to the person, everywhere or in the namespace.
func (p permissions) bound(ctx context.Context, asked authorizer.Attributes) (found []rbac.RoleRef, err error) {
	list, err := p.shelves[clusterRoleBindings.plural].List(request.WithNamespace(ctx, ""), &internalversion.ListOptions{})
	if err != nil {
		return nil, err
	}
	for _, binding := range list.(*rbac.ClusterRoleBindingList).Items {
		if meant(binding.Subjects, "", asked.GetUser()) {
			found = append(found, binding.RoleRef)
		}
	}
	if asked.GetNamespace() == "" {
		return found, nil
	}
	list, err = p.shelves[roleBindings.plural].List(request.WithNamespace(ctx, asked.GetNamespace()), &internalversion.ListOptions{})
	if err != nil {
		return nil, err
	}
	for _, binding := range list.(*rbac.RoleBindingList).Items {
		if meant(binding.Subjects, binding.Namespace, asked.GetUser()) {
			found = append(found, binding.RoleRef)
		}
	}
	return found, nil
}

func (p permissions) rules(ctx context.Context, namespace string, named rbac.RoleRef) ([]rbac.PolicyRule, error) {
	if named.Kind == "ClusterRole" {
		held, err := p.shelves[clusterRoles.plural].Get(request.WithNamespace(ctx, ""), named.Name, &meta.GetOptions{})
		if err != nil {
			return nil, err
		}
		return held.(*rbac.ClusterRole).Rules, nil
	}
	held, err := p.shelves[roles.plural].Get(request.WithNamespace(ctx, namespace), named.Name, &meta.GetOptions{})
	if err != nil {
		return nil, err
	}
	return held.(*rbac.Role).Rules, nil
}

func meant(subjects []rbac.Subject, namespace string, who user.Info) bool {
	return slices.ContainsFunc(subjects, func(subject rbac.Subject) bool {
		switch subject.Kind {
		case rbac.UserKind:
			return subject.Name == who.GetName()
		case rbac.GroupKind:
			return slices.Contains(who.GetGroups(), subject.Name)
		case rbac.ServiceAccountKind:
			home := subject.Namespace
			if home == "" {
				home = namespace
			}
			return home != "" && serviceaccount.MatchesUsername(home, subject.Name, who.GetName())
		}
		return false
	})
}

func allowed(rules []rbac.PolicyRule, asked authorizer.Attributes) bool {
	return slices.ContainsFunc(rules, func(rule rbac.PolicyRule) bool {
		if !has(rule.Verbs, asked.GetVerb()) {
			return false
		}
		if !asked.IsResourceRequest() {
			return slices.ContainsFunc(rule.NonResourceURLs, func(url string) bool {
				start, open := strings.CutSuffix(url, "*")
				return url == asked.GetPath() || open && strings.HasPrefix(asked.GetPath(), start)
			})
		}
		return has(rule.APIGroups, asked.GetAPIGroup()) && covers(rule.Resources, asked) &&
			(len(rule.ResourceNames) == 0 || slices.Contains(rule.ResourceNames, asked.GetName()))
	})
}

func has(list []string, value string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, value)
}

func covers(resources []string, asked authorizer.Attributes) bool {
	if asked.GetSubresource() == "" {
		return has(resources, asked.GetResource())
	}
	return has(resources, asked.GetResource()+"/"+asked.GetSubresource()) || slices.Contains(resources, "*/"+asked.GetSubresource())
}
