// What a program is deployed by, kept and shown as in a cluster, where nobody is who would run it.
package main

import (
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	api "k8s.io/apimachinery/pkg/api/validation"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var serviceAccounts = kind{
	group: core.SchemeGroupVersion, name: "ServiceAccount", plural: "serviceaccounts", short: []string{"sa"},
	object: &core.ServiceAccount{}, list: &core.ServiceAccountList{}, names: api.ValidateServiceAccountName,
}

var services = kind{
	group: core.SchemeGroupVersion, name: "Service", plural: "services", short: []string{"svc"},
	object: &core.Service{}, list: &core.ServiceList{}, names: api.NameIsDNS1035Label,
	check: func(object, _ runtime.Object) field.ErrorList {
		if len(object.(*core.Service).Spec.Ports) == 0 {
			return field.ErrorList{field.Required(field.NewPath("spec", "ports"), "")}
		}
		return nil
	},
}

var deployments = kind{
	group: apps.SchemeGroupVersion, name: "Deployment", plural: "deployments", short: []string{"deploy"},
	object: &apps.Deployment{}, list: &apps.DeploymentList{},
	check: func(object, old runtime.Object) field.ErrorList {
		spec, path := object.(*apps.Deployment).Spec, field.NewPath("spec")
		found := selects(spec.Selector, spec.Template.Labels, path)
		if before, ok := old.(*apps.Deployment); ok {
			found = append(found, api.ValidateImmutableField(spec.Selector, before.Spec.Selector, path.Child("selector"))...)
		}
		return found
	},
}

var disruptionBudgets = kind{
	group: policy.SchemeGroupVersion, name: "PodDisruptionBudget", plural: "poddisruptionbudgets", short: []string{"pdb"},
	object: &policy.PodDisruptionBudget{}, list: &policy.PodDisruptionBudgetList{}, puts: true,
	check: func(object, _ runtime.Object) field.ErrorList {
		spec, path := object.(*policy.PodDisruptionBudget).Spec, field.NewPath("spec")
		if spec.MinAvailable != nil && spec.MaxUnavailable != nil {
			return field.ErrorList{field.Invalid(path, spec, "minAvailable and maxUnavailable cannot be both set")}
		}
		return nil
	},
}

// selects says whether a workload would find its own pods.
func selects(selector *meta.LabelSelector, labels map[string]string, path *field.Path) field.ErrorList {
	if selector == nil {
		return field.ErrorList{field.Required(path.Child("selector"), "")}
	}
	for key, value := range selector.MatchLabels {
		if labels[key] != value {
			place := path.Child("template", "metadata", "labels")
			return field.ErrorList{field.Invalid(place, labels, "`selector` does not match template `labels`")}
		}
	}
	return nil
}
