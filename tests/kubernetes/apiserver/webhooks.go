// The group admissionregistration.k8s.io: which webhooks are asked before something is written.
package main

import (
	admission "k8s.io/api/admissionregistration/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/utils/ptr"
)

var validatingWebhooks = kind{
	group: admission.SchemeGroupVersion, name: "ValidatingWebhookConfiguration", plural: "validatingwebhookconfigurations",
	object: &admission.ValidatingWebhookConfiguration{}, list: &admission.ValidatingWebhookConfigurationList{}, cluster: true,
	check: func(object, _ runtime.Object) (found field.ErrorList) {
		for at, hook := range object.(*admission.ValidatingWebhookConfiguration).Webhooks {
			path := field.NewPath("webhooks").Index(at)
			found = append(found, hookFaults(path, hook.Name, hook.ClientConfig, hook.SideEffects, hook.AdmissionReviewVersions)...)
		}
		return found
	},
	columns: columns("Webhooks"),
	cells: func(object runtime.Object) []interface{} {
		return []interface{}{len(object.(*admission.ValidatingWebhookConfiguration).Webhooks)}
	},
}

var mutatingWebhooks = kind{
	group: admission.SchemeGroupVersion, name: "MutatingWebhookConfiguration", plural: "mutatingwebhookconfigurations",
	object: &admission.MutatingWebhookConfiguration{}, list: &admission.MutatingWebhookConfigurationList{}, cluster: true,
	check: func(object, _ runtime.Object) (found field.ErrorList) {
		for at, hook := range object.(*admission.MutatingWebhookConfiguration).Webhooks {
			path := field.NewPath("webhooks").Index(at)
			found = append(found, hookFaults(path, hook.Name, hook.ClientConfig, hook.SideEffects, hook.AdmissionReviewVersions)...)
		}
		return found
	},
	columns: columns("Webhooks"),
	cells: func(object runtime.Object) []interface{} {
		return []interface{}{len(object.(*admission.MutatingWebhookConfiguration).Webhooks)}
	},
}

// hookFaults is what a cluster refuses of a webhook; one that is a Service is kept, and cannot be reached here.
func hookFaults(path *field.Path, name string, client admission.WebhookClientConfig, effects *admission.SideEffectClass, versions []string) (found field.ErrorList) {
	found = validation.IsFullyQualifiedName(path.Child("name"), name)
	if (client.URL == nil) == (client.Service == nil) {
		found = append(found, field.Required(path.Child("clientConfig"), "exactly one of url or service is required"))
	}
	if client.URL != nil {
		found = append(found, webhook.ValidateWebhookURL(path.Child("clientConfig", "url"), *client.URL, true)...)
	}
	found = append(found, webhook.ValidateCABundle(path.Child("clientConfig", "caBundle"), client.CABundle)...)
	if effects == nil || *effects != admission.SideEffectClassNone && *effects != admission.SideEffectClassNoneOnDryRun {
		found = append(found, field.NotSupported(path.Child("sideEffects"), effects, []string{"None", "NoneOnDryRun"}))
	}
	if len(versions) == 0 {
		found = append(found, field.Required(path.Child("admissionReviewVersions"), "must specify one of v1, v1beta1"))
	}
	return found
}

// Kubernetes' own defaults of a webhook: see `kubectl explain validatingwebhookconfiguration.webhooks`.
func defaultValidating(object interface{}) {
	hooks := object.(*admission.ValidatingWebhookConfiguration).Webhooks
	for at := range hooks {
		hook := &hooks[at]
		setDefault(&hook.FailurePolicy, admission.Fail)
		setDefault(&hook.MatchPolicy, admission.Equivalent)
		setDefault(&hook.NamespaceSelector, meta.LabelSelector{})
		setDefault(&hook.ObjectSelector, meta.LabelSelector{})
		setDefault(&hook.TimeoutSeconds, 10)
		defaultScopes(hook.Rules)
	}
}

func defaultMutating(object interface{}) {
	hooks := object.(*admission.MutatingWebhookConfiguration).Webhooks
	for at := range hooks {
		hook := &hooks[at]
		setDefault(&hook.FailurePolicy, admission.Fail)
		setDefault(&hook.MatchPolicy, admission.Equivalent)
		setDefault(&hook.NamespaceSelector, meta.LabelSelector{})
		setDefault(&hook.ObjectSelector, meta.LabelSelector{})
		setDefault(&hook.TimeoutSeconds, 10)
		setDefault(&hook.ReinvocationPolicy, admission.NeverReinvocationPolicy)
		defaultScopes(hook.Rules)
	}
}

func defaultScopes(rules []admission.RuleWithOperations) {
	for at := range rules {
		setDefault(&rules[at].Scope, admission.AllScopes)
	}
}

func setDefault[T any](field **T, value T) {
	if *field == nil {
		*field = ptr.To(value)
	}
}
