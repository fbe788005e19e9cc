// How the real generic registry treats a kind: what it asks before it creates, updates or deletes one.
package main

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	api "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/storage/names"
)

type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	kind
}

func (s strategy) NamespaceScoped() bool          { return !s.cluster }
func (s strategy) AllowCreateOnUpdate() bool      { return s.puts }
func (s strategy) AllowUnconditionalUpdate() bool { return !s.guarded }
func (s strategy) Canonicalize(runtime.Object)    {}

func (s strategy) WarningsOnCreate(context.Context, runtime.Object) []string { return nil }

func (s strategy) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}

func (s strategy) PrepareForCreate(_ context.Context, object runtime.Object) {
	if s.prepare != nil {
		s.prepare(object, nil)
	}
}

func (s strategy) PrepareForUpdate(_ context.Context, object, old runtime.Object) {
	if s.prepare != nil {
		s.prepare(object, old)
	}
}

func (s strategy) Validate(_ context.Context, object runtime.Object) field.ErrorList {
	allowed := s.names
	if allowed == nil {
		allowed = api.NameIsDNSSubdomain
	}
	held, err := meta.Accessor(object)
	if err != nil {
		return field.ErrorList{field.InternalError(nil, err)}
	}
	found := api.ValidateObjectMetaAccessor(held, !s.cluster, allowed, field.NewPath("metadata"))
	return append(found, s.faults(object, nil)...)
}

func (s strategy) ValidateUpdate(_ context.Context, object, old runtime.Object) field.ErrorList {
	return s.faults(object, old)
}

func (s strategy) faults(object, old runtime.Object) field.ErrorList {
	if s.check == nil {
		return nil
	}
	return s.check(object, old)
}
