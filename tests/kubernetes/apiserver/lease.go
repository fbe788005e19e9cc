// The group coordination.k8s.io: leases, by which programs agree on the one that leads.
package main

import (
	coordination "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var leases = kind{
	group: coordination.SchemeGroupVersion, name: "Lease", plural: "leases",
	object: &coordination.Lease{}, list: &coordination.LeaseList{}, puts: true, guarded: true,
	check: func(object, _ runtime.Object) (found field.ErrorList) {
		spec, path := object.(*coordination.Lease).Spec, field.NewPath("spec")
		if seconds := spec.LeaseDurationSeconds; seconds != nil && *seconds <= 0 {
			found = append(found, field.Invalid(path.Child("leaseDurationSeconds"), *seconds, "must be greater than 0"))
		}
		if times := spec.LeaseTransitions; times != nil && *times < 0 {
			found = append(found, field.Invalid(path.Child("leaseTransitions"), *times, "must be greater than or equal to 0"))
		}
		return found
	},
	columns: columns("Holder"),
	cells: func(object runtime.Object) []interface{} {
		if holder := object.(*coordination.Lease).Spec.HolderIdentity; holder != nil {
			return []interface{}{*holder}
		}
		return []interface{}{""}
	},
}
