// The groups authorization.k8s.io and authentication.k8s.io: what somebody may do, and who they are, for
// `kubectl auth can-i` and `whoami` and for programs that ask.
package main

import (
	"context"

	identity "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
)

var reviewed = []runtime.Object{&authorization.SubjectAccessReview{}, &authorization.SelfSubjectAccessReview{}}

// whoami is the one kind of authentication.k8s.io that there is here.
var whoami = &identity.SelfSubjectReview{}

func newReviews(judge authorizer.Authorizer) map[string]rest.Storage {
	return map[string]rest.Storage{
		"subjectaccessreviews":     othersReview{judge},
		"selfsubjectaccessreviews": ownReview{judge},
	}
}

type othersReview struct{ authorizer.Authorizer }

func (othersReview) New() runtime.Object     { return &authorization.SubjectAccessReview{} }
func (othersReview) Destroy()                {}
func (othersReview) NamespaceScoped() bool   { return false }
func (othersReview) GetSingularName() string { return "subjectaccessreview" }

func (r othersReview) Create(ctx context.Context, object runtime.Object, _ rest.ValidateObjectFunc, _ *meta.CreateOptions) (runtime.Object, error) {
	review := object.(*authorization.SubjectAccessReview)
	if review.Spec.User == "" && len(review.Spec.Groups) == 0 {
		return nil, errors.NewBadRequest("at least one of user or group must be specified")
	}
	about := &user.DefaultInfo{Name: review.Spec.User, UID: review.Spec.UID, Groups: review.Spec.Groups}
	review.Status = verdict(ctx, r, about, review.Spec.ResourceAttributes, review.Spec.NonResourceAttributes)
	return review, nil
}

type ownReview struct{ authorizer.Authorizer }

func (ownReview) New() runtime.Object     { return &authorization.SelfSubjectAccessReview{} }
func (ownReview) Destroy()                {}
func (ownReview) NamespaceScoped() bool   { return false }
func (ownReview) GetSingularName() string { return "selfsubjectaccessreview" }

func (r ownReview) Create(ctx context.Context, object runtime.Object, _ rest.ValidateObjectFunc, _ *meta.CreateOptions) (runtime.Object, error) {
	review := object.(*authorization.SelfSubjectAccessReview)
	asker, ok := request.UserFrom(ctx)
	if !ok {
		return nil, errors.NewBadRequest("no user present on request")
	}
	review.Status = verdict(ctx, r, asker, review.Spec.ResourceAttributes, review.Spec.NonResourceAttributes)
	return review, nil
}

func verdict(
	ctx context.Context, judge authorizer.Authorizer, about user.Info,
	resource *authorization.ResourceAttributes, path *authorization.NonResourceAttributes,
) authorization.SubjectAccessReviewStatus {
	asked := authorizer.AttributesRecord{User: about}
	if resource != nil {
		asked.ResourceRequest = true
		asked.Verb, asked.Namespace, asked.Name = resource.Verb, resource.Namespace, resource.Name
		asked.APIGroup, asked.APIVersion = resource.Group, resource.Version
		asked.Resource, asked.Subresource = resource.Resource, resource.Subresource
	} else if path != nil {
		asked.Verb, asked.Path = path.Verb, path.Path
	}
	decision, why, err := judge.Authorize(ctx, asked)
	status := authorization.SubjectAccessReviewStatus{Allowed: decision == authorizer.DecisionAllow, Reason: why}
	if err != nil {
		status.EvaluationError = err.Error()
	}
	return status
}

type selfReview struct{}

func (selfReview) New() runtime.Object     { return &identity.SelfSubjectReview{} }
func (selfReview) Destroy()                {}
func (selfReview) NamespaceScoped() bool   { return false }
func (selfReview) GetSingularName() string { return "selfsubjectreview" }

func (selfReview) Create(ctx context.Context, object runtime.Object, _ rest.ValidateObjectFunc, _ *meta.CreateOptions) (runtime.Object, error) {
	asker, ok := request.UserFrom(ctx)
	if !ok {
		return nil, errors.NewBadRequest("no user present on request")
	}
	review := object.(*identity.SelfSubjectReview)
	review.Status.UserInfo = identity.UserInfo{Username: asker.GetName(), UID: asker.GetUID(), Groups: asker.GetGroups()}
	return review, nil
}
