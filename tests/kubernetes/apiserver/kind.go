// What one built-in resource is: the little in which Kubernetes' own registries differ from one to the next.
package main

import (
	"time"

	api "k8s.io/apimachinery/pkg/api/validation"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type kind struct {
	group        schema.GroupVersion
	name         string // Secret
	plural       string // secrets
	short        []string
	object, list runtime.Object // empty ones
	cluster      bool           // belongs to no namespace
	puts         bool           // an update of one that is not there creates it
	guarded      bool           // an update must name the resource version that it replaces
	uncached     bool           // read from etcd itself: what was written counts at once
	lives        time.Duration  // forgotten after so long; 0: never

	names   api.ValidateNameFunc                                // nil: those of DNS
	prepare func(object, old runtime.Object)                    // old: nil where it is new
	check   func(object, old runtime.Object) field.ErrorList    // the same
	fields  func(object runtime.Object) fields.Set              // what can be selected beside its name
	columns []meta.TableColumnDefinition                        // what `kubectl get` shows between name and age
	cells   func(object runtime.Object) (between []interface{}) // their values
}

// kinds are all that is served beside custom resources.
var kinds = []kind{
	namespaces, secrets, configMaps, events, leases,
	validatingWebhooks, mutatingWebhooks,
	roles, clusterRoles, roleBindings, clusterRoleBindings,
	serviceAccounts, services, deployments, disruptionBudgets,
}

// columns are texts under `titles`, as all columns here are.
func columns(titles ...string) (made []meta.TableColumnDefinition) {
	for _, title := range titles {
		made = append(made, meta.TableColumnDefinition{Name: title, Type: "string"})
	}
	return made
}
