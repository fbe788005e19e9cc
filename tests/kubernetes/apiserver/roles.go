// The group rbac.authorization.k8s.io: who may do what, as manifests of a cluster say it.
package main

import (
	rbac "k8s.io/api/rbac/v1"
	api "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A role may have a colon in its name.
func roleName(name string, prefix bool) []string {
	if prefix {
		return path.IsValidPathSegmentPrefix(name)
	}
	return path.IsValidPathSegmentName(name)
}

var roles = kind{
	group: rbac.SchemeGroupVersion, name: "Role", plural: "roles",
	object: &rbac.Role{}, list: &rbac.RoleList{}, puts: true, uncached: true, names: roleName,
}

var clusterRoles = kind{
	group: rbac.SchemeGroupVersion, name: "ClusterRole", plural: "clusterroles",
	object: &rbac.ClusterRole{}, list: &rbac.ClusterRoleList{}, cluster: true, puts: true, uncached: true, names: roleName,
}

var roleBindings = kind{
	group: rbac.SchemeGroupVersion, name: "RoleBinding", plural: "rolebindings",
	object: &rbac.RoleBinding{}, list: &rbac.RoleBindingList{}, puts: true, uncached: true, names: roleName,
	check: func(object, old runtime.Object) field.ErrorList {
		if before, ok := old.(*rbac.RoleBinding); ok {
			return unmoved(object.(*rbac.RoleBinding).RoleRef, before.RoleRef)
		}
		return nil
	},
	columns: columns("Role"),
	cells:   func(object runtime.Object) []interface{} { return role(object.(*rbac.RoleBinding).RoleRef) },
}

var clusterRoleBindings = kind{
	group: rbac.SchemeGroupVersion, name: "ClusterRoleBinding", plural: "clusterrolebindings",
	object: &rbac.ClusterRoleBinding{}, list: &rbac.ClusterRoleBindingList{}, cluster: true, puts: true, uncached: true, names: roleName,
	check: func(object, old runtime.Object) field.ErrorList {
		if before, ok := old.(*rbac.ClusterRoleBinding); ok {
			return unmoved(object.(*rbac.ClusterRoleBinding).RoleRef, before.RoleRef)
		}
		return nil
	},
	columns: columns("Role"),
	cells:   func(object runtime.Object) []interface{} { return role(object.(*rbac.ClusterRoleBinding).RoleRef) },
}

func unmoved(now, before rbac.RoleRef) field.ErrorList {
	return api.ValidateImmutableField(now, before, field.NewPath("roleRef"))
}

func role(named rbac.RoleRef) []interface{} { return []interface{}{named.Kind + "/" + named.Name} }

// Kubernetes' own defaults: a group of the API goes without saying.
func defaultRoleBinding(object interface{}) {
	binding := object.(*rbac.RoleBinding)
	defaultRole(&binding.RoleRef, binding.Subjects)
}

func defaultClusterRoleBinding(object interface{}) {
	binding := object.(*rbac.ClusterRoleBinding)
	defaultRole(&binding.RoleRef, binding.Subjects)
}

func defaultRole(named *rbac.RoleRef, subjects []rbac.Subject) {
	if named.APIGroup == "" {
		named.APIGroup = rbac.GroupName
	}
	for at := range subjects {
		if subjects[at].APIGroup == "" && subjects[at].Kind != rbac.ServiceAccountKind {
			subjects[at].APIGroup = rbac.GroupName
		}
	}
}
